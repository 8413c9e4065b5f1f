/** The only file of the CLI that knows workers. The rest of slipway that some commands need, loaded only by those: `status` does not wait for Temporal's SDK. */
export interface Parts {
  /** Prepares the Temporal namespace that the environment names; answers with what it did, a line each. */
  setUpTemporal(env: Record<string, string | undefined>): Promise<string[]>;
  /** Prepares the records that the environment names, with a role for each kind of process; answers with what it did. */
  setUpRecords(env: Record<string, string | undefined>): Promise<string[]>;
  /** Gateway, workers and what they need in this process, until the signal. */
  runDev(options: {
    env: Record<string, string | undefined>;
    signal: AbortSignal;
    report(line: string): void;
  }): Promise<void>;
}

export const lazyParts: Parts = {
  setUpTemporal: async (env) => {
    const config = await setUpConfig(env);
    const [{ setUpTemporal }, { sayDocker, sayGitBound, sayIsolation }] = await Promise.all([
      import('../../workers/setup.ts'),
      import('../../workers/compose-box.ts'),
    ]);
    const said = [await sayIsolation(), await sayDocker(), await sayGitBound()];
    const here = said.flatMap((one) => one?.split('\n', 1) ?? []);
    return [...(await setUpTemporal(config)), ...here];
  },
  setUpRecords: async (env) => {
    const config = await setUpConfig(env);
    return (await import('../../workers/compose-records.ts')).setUpRecords(config);
  },
  runDev: async (options) => (await import('../../workers/dev.ts')).runDev(options),
};

async function setUpConfig(env: Record<string, string | undefined>) {
  const [{ checkedConfig }, { setUpChecks }] = await Promise.all([
    import('../../workers/start-checks.ts'),
    import('../../workers/common-checks.ts'),
  ]);
  return checkedConfig('slipway setup', env, setUpChecks);
}
