import { kubectlPath } from './binaries.ts';
import { CommandFailed, run } from './command.ts';

/** The real kubectl on one cluster: how the lab sets things up, and how it reads back what the product says of itself. */
export interface Kubectl {
  /** What it printed; throws CommandFailed with its last words. */
  (args: readonly string[], options?: { input?: unknown }): Promise<string>;
  /** The same with `-o json`, read. */
  json<T>(args: readonly string[]): Promise<T>;
  /** Exit code and output, where a failure is an answer. */
  attempt(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>;
}

/** `input` becomes kubectl's standard input as JSON. It keeps no discovery cache, which would stay behind in the user's home. */
export async function kubectlOn(cluster: { kubeconfig: string; context?: string }): Promise<Kubectl> {
  const program = await kubectlPath();
  const place = ['--kubeconfig', cluster.kubeconfig, ...(cluster.context ? ['--context', cluster.context] : [])];
  const cache = ['--cache-dir', '/dev/null'];
  const kubectl = async (args: readonly string[], options: { input?: unknown } = {}) => {
    const input = options.input === undefined ? {} : { input: JSON.stringify(options.input) };
    return (await run(program, [...place, ...cache, ...args], input)).stdout;
  };
  return Object.assign(kubectl, {
    json: async <T>(args: readonly string[]) => JSON.parse(await kubectl([...args, '-o', 'json'])) as T,
    async attempt(args: readonly string[]) {
      try {
        return { code: 0, stdout: await kubectl(args), stderr: '' };
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        return { code: 1, stdout: error.stdout, stderr: error.stderr };
      }
    },
  });
}
