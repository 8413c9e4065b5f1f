import { failure } from '../../domain/errors/catalogue.ts';
import type { Progress } from '../shared/progress.ts';
import { describeResult, runCommand, type Command, type CommandResult } from '../shared/run-command.ts';

/** The docker client, against the daemon of the tests. */
export type Docker = (args: readonly string[], how?: DockerCall) => Promise<CommandResult>;

export type DockerCall = Pick<Command, 'maxOutputBytes' | 'endWhenTruncated' | 'outputIsBytes'> & {
  timeoutMs?: number;
  /** Its signal ends the command. Nothing is told: these commands are ours, not the tests'. */
  progress?: Progress;
};

const shortTimeoutMs = 120_000;

export function openDocker(dockerHost: string | undefined): Docker {
  const env = environmentOf(dockerHost);
  return (args, { timeoutMs = shortTimeoutMs, progress, ...how } = {}) =>
    runCommand({
      ...{ program: 'docker', args, env, timeoutMs, ...how },
      ...(progress === undefined ? {} : { progress: { signal: progress.signal, report: () => undefined } }),
    });
}

/** As DOCKER_HOST would name the daemon; without one the client's own context counts. */
export const environmentOf = (dockerHost: string | undefined): Record<string, string> =>
  dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost };

/** What a command of ours answers, as lines. Throws SLIP-TEST-2 when it does not succeed, or answers more than is read: what is cut off may be ours. */
export async function linesOf(docker: Docker, args: readonly string[], how?: DockerCall): Promise<string[]> {
  const { lines, isCut } = await linesRead(docker, args, how);
  if (isCut)
    throw failure(
      'SLIP-TEST-2',
      `docker ${args.slice(0, 2).join(' ')} answers more than is read: there is too much of that on the daemon`,
    );
  return lines;
}

/** The same as far as it is read: a list of everybody's is for others to make longer, and must not stop what one can do with its beginning. */
export async function linesRead(
  docker: Docker,
  args: readonly string[],
  how?: DockerCall,
): Promise<{ lines: string[]; isCut: boolean }> {
  const result = await docker(args, how);
  if (result.exitCode !== 0)
    throw failure('SLIP-TEST-2', describeResult(`docker ${args.slice(0, 2).join(' ')}`, result));
  const lines = result.stdout.toString('utf8').split('\n');
  // Of the last one there may be a part.
  if (result.truncated) lines.pop();
  return { lines: lines.filter((line) => line !== ''), isCut: result.truncated };
}
