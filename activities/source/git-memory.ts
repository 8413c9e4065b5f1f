import { runCommand, type CommandResult } from '../shared/run-command.ts';

/**
 * Of each process of git, without what it maps of packs: 20 kB that came from a server may say of an object that it has tens of gigabytes,
 * and git makes room for it. What people keep in repositories needs a tenth.
 */
export const mostGitBytes = 2 * 1024 ** 3;

/** The arguments before `git` that set the bound; or why there is none on this machine. */
export type GitBound = { prefix: readonly string[] } | { missing: string };

/** prlimit of util-linux, where it is there and may do that. */
export async function findGitBound(mostBytes = mostGitBytes): Promise<GitBound> {
  const prefix = ['prlimit', `--data=${mostBytes}`, '--'];
  const [program = '', ...args] = [...prefix, 'git', '--version'];
  const tried = await runCommand({ program, args, timeoutMs: 20_000 });
  if (tried.exitCode === 0) return { prefix };
  return { missing: tried.notStarted ?? (tried.tail.split('\n').at(-1) || `prlimit ended with ${tried.exitCode}`) };
}

/** What git says when it gets no more. */
export function ranOutOfMemory({ tail }: Pick<CommandResult, 'tail'>): boolean {
  return /^(fatal|error): [^\n]{0,200}(out of memory|cannot allocate memory)/im.test(tail);
}
