import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Commit } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { describeResult, type CommandResult } from '../shared/run-command.ts';
import { createGit, type Git, type GitSettings, type NetworkResult } from './git-command.ts';

/** A bare copy of one repository on this machine. It is a cache: broken, it is thrown away and made again. */
export interface GitMirror {
  git: Git;
  /** Brings all branches up to date. Two callers at once wait for each other. Throws SLIP-SRC-2, SLIP-SRC-8 or SLIP-SRC-9. */
  fetch(): Promise<void>;
  /** Whether the commit is here; looks at the remote once when it is not. */
  knows(commit: Commit): Promise<boolean>;
}

const fetchTimeoutMs = 15 * 60_000;

export function createGitMirror(repository: string, cacheDirectory: string, settings: GitSettings): GitMirror {
  const directory = join(cacheDirectory, createHash('sha256').update(repository).digest('hex'));
  const git = createGit(directory, settings);
  let last: Promise<void> = Promise.resolve();

  async function fetchNow(): Promise<void> {
    await ensureExists(directory, cacheDirectory, settings);
    const first = await fetchBranches(git, repository);
    if (first.exitCode === 0) return;
    if (!isBroken(first)) throw fetchFailure(first);
    await discard(directory);
    await ensureExists(directory, cacheDirectory, settings);
    const second = await fetchBranches(git, repository);
    if (second.exitCode !== 0) throw fetchFailure(second);
  }

  const fetch = () => {
    last = last.catch(() => {}).then(fetchNow);
    return last;
  };
  const has = async (commit: Commit) =>
    (await exists(directory)) && (await git.attempt({ args: ['cat-file', '-e', `${commit}^{commit}`] })).exitCode === 0;
  return {
    git,
    fetch,
    async knows(commit) {
      if (await has(commit)) return true;
      await fetch();
      return has(commit);
    },
  };
}

/** Only branches: a commit that is on none (a fork's, a pull request's) must not become known by asking for it. */
async function fetchBranches(git: Git, repository: string): Promise<NetworkResult> {
  const args = ['fetch', '--prune', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--quiet'];
  return git.overNetwork(repository, {
    args: [...args, '--', repository, '+refs/heads/*:refs/heads/*'],
    timeoutMs: fetchTimeoutMs,
  });
}

/** Made aside and moved into place, so that another worker never sees half of one. */
async function ensureExists(directory: string, cacheDirectory: string, settings: GitSettings): Promise<void> {
  if (await exists(directory)) return;
  await mkdir(cacheDirectory, { recursive: true });
  const aside = await mkdtemp(join(cacheDirectory, '.new-'));
  try {
    const made = await createGit(aside, settings).attempt({
      args: ['init', '--bare', '--quiet', '--template=', aside],
    });
    if (made.exitCode !== 0) throw failure('SLIP-SRC-9', describeResult('git', made));
    await rename(aside, directory).catch(async (error) => {
      if (!(await exists(directory))) throw error; // otherwise another worker was first
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function discard(directory: string): Promise<void> {
  const aside = `${directory}.broken-${process.pid}-${Date.now()}`;
  await rename(directory, aside).catch(() => {}); // moved first: of two workers that find it broken, one does it
  await rm(aside, { recursive: true, force: true });
}

async function exists(directory: string): Promise<boolean> {
  return stat(directory).then(
    () => true,
    () => false,
  );
}

/** What a git that was killed, or a disk that was full, leaves behind. */
function isBroken(result: CommandResult): boolean {
  return /\.lock'?: File exists|not a git repository|object file [^\n]{0,300} is empty|loose object [^\n]{0,300} is corrupt|bad (tree|object)|unable to read (tree|sha1)|packfile [^\n]{0,300} cannot be accessed/i.test(
    result.tail,
  );
}

function fetchFailure(result: NetworkResult) {
  const detail = describeResult(result.introducedBy ? `git fetch (${result.introducedBy})` : 'git fetch', result);
  if (result.notStarted || /no space left|read-only file system/i.test(result.tail))
    return failure('SLIP-SRC-9', detail);
  if (/transport '[^'\n]{0,100}' not allowed/i.test(result.tail)) return failure('SLIP-SRC-4', detail);
  if (/requested URL returned error: 30\d/i.test(result.tail)) {
    const moved = 'the server sends to another address, where the login must not go: name that one as the repository';
    return failure('SLIP-SRC-8', `${moved}\n${detail}`);
  }
  const refused =
    /authentication failed|could not read (username|password)|permission denied|repository not found|error: 40[134]|does not (appear to be a git repository|exist)|dubious ownership/i;
  return failure(refused.test(result.tail) ? 'SLIP-SRC-8' : 'SLIP-SRC-2', detail);
}
