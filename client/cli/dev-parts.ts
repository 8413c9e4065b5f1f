import type { CheckResult } from '../../domain/check-result.ts';

type Env = Record<string, string | undefined>;

/** The only file of the CLI that knows workers. The rest of slipway that some commands need, loaded only by those: `status` does not wait for Temporal's SDK. */
export interface Parts {
  /** Prepares the Temporal namespace that the environment names; answers with what it did, and with what is left. */
  setUpTemporal(env: Env, options: { makeCurrent?: string }): Promise<CheckResult[]>;
  /** Prepares the records that the environment names; `roles`: as their owner, with a role for each kind of process. */
  setUpRecords(env: Env, options: { roles: boolean }): Promise<CheckResult[]>;
  /** Looks at what both prepare, and changes nothing. */
  checkTemporal(env: Env): Promise<CheckResult[]>;
  checkRecords(env: Env): Promise<CheckResult[]>;
  /** The same of what Slack says to its tokens, where there are any. */
  checkSlack(env: Env): Promise<CheckResult[]>;
  /** SQL for whoever may make roles and databases. */
  recordsSql(): Promise<string>;
  /** Gateway, workers and what they need in this process, until the signal. */
  runDev(options: { env: Env; signal: AbortSignal; report(line: string): void }): Promise<void>;
}

export const lazyParts: Parts = {
  setUpTemporal: async (env, options) => {
    const config = await setUpConfig(env);
    const [{ setUpTemporal }, { sayDocker, sayGitBound, sayIsolation }] = await Promise.all([
      import('../../workers/setup.ts'),
      import('../../workers/compose-box.ts'),
    ]);
    const said = [await sayIsolation(), await sayDocker(), await sayGitBound()];
    const here = said.flatMap((one) => one?.split('\n', 1) ?? []);
    return [...(await setUpTemporal(config, options)), ...here.map((says) => ({ ok: true, says }))];
  },
  setUpRecords: async (env, { roles }) => {
    const config = await setUpConfig(env);
    const { setUpRecords, setUpRoles } = await import('../../workers/compose-records.ts');
    return roles ? setUpRoles(config) : setUpRecords(config);
  },
  checkTemporal: async (env) => {
    const config = await setUpConfig(env);
    return (await import('../../workers/setup.ts')).checkTemporal(config);
  },
  checkRecords: async (env) => {
    const config = await setUpConfig(env);
    return (await import('../../workers/compose-records.ts')).checkRecords(config);
  },
  checkSlack: async (env) => (await import('../../workers/gateway-slack.ts')).checkSlack(env),
  recordsSql: async () => (await import('../../workers/compose-records.ts')).recordsSql(),
  runDev: async (options) => (await import('../../workers/dev.ts')).runDev(options),
};

async function setUpConfig(env: Env) {
  const [{ checkedSetUpConfig }, { setUpChecks }] = await Promise.all([
    import('../../workers/start-checks.ts'),
    import('../../workers/common-checks.ts'),
  ]);
  return checkedSetUpConfig(env, setUpChecks);
}
