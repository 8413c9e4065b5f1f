/** The only file of the CLI that knows workers. The rest of slipway that some commands need, loaded only by those: `status` does not wait for Temporal's SDK. */
export interface Parts {
  /** Prepares the Temporal namespace that the environment names; answers with what it did, a line each. */
  setUpTemporal(env: Record<string, string | undefined>): Promise<string[]>;
  /** Prepares the records that the environment names, with a role for each kind of process; answers with what it did. */
  setUpRecords(env: Record<string, string | undefined>): Promise<string[]>;
  /** Gateway, workers and what they need in this process, until the signal. */
  runDev(options: { signal: AbortSignal; report(line: string): void }): Promise<void>;
}

export const lazyParts: Parts = {
  setUpTemporal: async (env) => {
    const [{ setUpTemporal }, { sayDocker, sayGitBound, sayIsolation }, { readConfig }] = await Promise.all([
      import('../../workers/setup.ts'),
      import('../../workers/compose-box.ts'),
      import('../../temporal.config.ts'),
    ]);
    const said = [await sayIsolation(), await sayDocker(), await sayGitBound()];
    const here = said.flatMap((one) => one?.split('\n', 1) ?? []);
    return [...(await setUpTemporal(readConfig(env))), ...here];
  },
  setUpRecords: async (env) => {
    const [{ setUpRecords }, { readConfig }] = await Promise.all([
      import('../../workers/compose-records.ts'),
      import('../../temporal.config.ts'),
    ]);
    return setUpRecords(readConfig(env));
  },
  runDev: async (options) => (await import('../../workers/dev.ts')).runDev(options),
};
