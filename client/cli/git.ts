import { execFile } from 'node:child_process';
import { usageFailure } from './failures.ts';

const nameIt = 'Name it: --commit with 40 hexadecimal characters and --branch.';

/** The 40 characters of a commit: as given, or what the repository in `cwd` says that the name (HEAD, a tag, a short id) means. */
export async function resolveCommit(name: string, cwd: string): Promise<string> {
  if (/^[0-9a-f]{40}$/.test(name)) return name;
  const commit = await asked(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], cwd);
  if (!commit || !/^[0-9a-f]{40}$/.test(commit))
    throw usageFailure(`${JSON.stringify(name)} is not a commit of a git repository here`, nameIt);
  return commit;
}

/** The branch that is checked out in `cwd`. */
export async function currentBranch(cwd: string): Promise<string> {
  const branch = await branchHere(cwd);
  if (!branch)
    throw usageFailure('no branch is checked out here', 'Name the branch that carries the commit: --branch main.');
  return branch;
}

/** Undefined where none is, or where this is no git repository. */
export async function branchHere(cwd: string): Promise<string | undefined> {
  return (await asked(['symbolic-ref', '--quiet', '--short', 'HEAD'], cwd)) || undefined;
}

/** `git version 2.43.0`; undefined when there is no git. */
export async function gitVersion(cwd: string): Promise<string | undefined> {
  return asked(['--version'], cwd);
}

/**
 * What git answers in `cwd`, without the space around it; undefined where it does not. By Node alone: a package for it would be a third of what the
 * command weighs as a package.
 */
export function asked(args: string[], cwd: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('git', args, { cwd, timeout: 10_000 }, (error, stdout) => resolve(error ? undefined : stdout.trim()));
  });
}
