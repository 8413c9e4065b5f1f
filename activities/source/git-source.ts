import type { Commit } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { noLogins, type LoginReferences } from '../shared/logins.ts';
import { describeResult } from '../shared/run-command.ts';
import { checkOutTree } from './git-check-out.ts';
import { mostFetchedBytes } from './fetch-size.ts';
import { findGitBound, mostGitBytes, ranOutOfMemory } from './git-memory.ts';
import { createGitMirror, type GitMirror, type MirrorSettings } from './git-mirror.ts';
import { isLink, listTree } from './git-tree.ts';
import { refuseHugeTree } from './git-tree-size.ts';
import { authorsIn, commitsIn, timesIn } from './git-log.ts';
import { partsOf } from './git-parts.ts';
import type { Source } from './port.ts';
import { requireBranch, requireCommit, requirePath, requireRepository } from './requests.ts';

export interface GitSourceOptions {
  /** Where the mirrors are kept; may be shared by workers on one machine, and deleted at any time between runs. */
  cacheDirectory: string;
  /** `https` and `ssh` by default. `file` (a path on this machine) must be named: it lets a request read the worker's own disk. */
  allowedProtocols?: readonly string[];
  /** Logins by `host[:port]`, for repositories by https. */
  logins?: LoginReferences;
  /** Of one fetch; 8 GB by default. */
  maxFetchBytes?: number;
  /** Of each process of git; 2 GiB by default. */
  maxMemoryBytes?: number;
  /** Milliseconds, of a clock that only goes forward. */
  clock?: () => number;
}

/** Source by the git binary (2.30 or newer; 2.31 for logins), with a bare mirror per repository. Submodules are not followed: their directories stay empty. */
export function createGitSource(options: GitSourceOptions): Source {
  let bound: ReturnType<typeof findGitBound> | undefined;
  const settings: MirrorSettings = {
    allowedProtocols: options.allowedProtocols ?? ['https', 'ssh'],
    logins: options.logins ?? noLogins,
    bound: () => (bound ??= findGitBound(options.maxMemoryBytes ?? mostGitBytes)),
    maxFetchBytes: options.maxFetchBytes ?? mostFetchedBytes,
    clock: options.clock ?? (() => performance.now()),
  };
  const mirrors = new Map<string, GitMirror>();

  function mirrorOf(repository: string): GitMirror {
    requireRepository(repository, settings.allowedProtocols);
    const mirror = mirrors.get(repository) ?? createGitMirror(repository, options.cacheDirectory, settings);
    mirrors.set(repository, mirror);
    return mirror;
  }

  /** The mirror, once it is sure that it holds the commit. */
  async function mirrorWith(repository: string, commit: Commit): Promise<GitMirror> {
    requireCommit(commit);
    const mirror = mirrorOf(repository);
    if (!(await mirror.knows(commit))) throw failure('SLIP-SRC-3', `${commit} is on no branch of ${repository}`);
    return mirror;
  }

  return {
    async confirm({ repository, branch, commit }) {
      requireBranch(branch);
      requireCommit(commit);
      const mirror = mirrorOf(repository);
      // Always: the branch may have been moved away from a commit that is still known here.
      const isThere = !(await mirror.wasAbsentJustNow(commit)) && (await mirror.fetchFor(commit));
      const onBranch = isThere && (await isAncestor(mirror, commit, `refs/heads/${branch}`));
      if (!onBranch) throw failure('SLIP-SRC-1', `${commit} is not on branch ${branch} of ${repository}`);
    },
    async read({ repository, commit, path, maxBytes }) {
      requirePath(path);
      const { git } = await mirrorWith(repository, commit);
      const entry = (await listTree(git, commit, path)).find((found) => found.path === path);
      if (!entry || entry.type === 'tree') return undefined;
      if (entry.type !== 'blob' || isLink(entry))
        throw failure('SLIP-SRC-5', `${path} is not a regular file at ${commit}`);
      if (entry.size > maxBytes)
        throw failure('SLIP-SRC-5', `${path} has ${entry.size} bytes at ${commit}; at most ${maxBytes} are read`);
      return decode(await git.output({ args: ['cat-file', 'blob', entry.object], maxOutputBytes: maxBytes }), path);
    },
    async changedPaths({ repository, from, to }) {
      requireCommit(from);
      const mirror = await mirrorWith(repository, to);
      if (!(await mirror.knows(from))) return undefined;
      for (const commit of [from, to]) await refuseHugeTree(mirror.git, commit);
      const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-ext-diff', from, to];
      return partsOf(await mirror.git.output({ args, maxOutputBytes: mostChangedBytes }));
    },
    async descends({ repository, commit, ancestor }) {
      requireCommit(ancestor);
      const mirror = await mirrorWith(repository, commit);
      return (await mirror.knows(ancestor)) && (await isAncestor(mirror, ancestor, commit));
    },
    authors: async ({ repository, commit, notIn }) =>
      authorsIn(await mirrorWith(repository, commit), { commit, notIn }),
    commits: async ({ repository, commit, notIn, most }) =>
      commitsIn(await mirrorWith(repository, commit), { commit, notIn }, most),
    async times({ repository, commits }) {
      commits.forEach(requireCommit);
      const [first] = commits;
      const mirror = mirrorOf(repository);
      if (first === undefined) return new Map();
      // Whether it is there or not: so that there is a mirror, with what is new.
      await mirror.knows(first);
      return timesIn(mirror, commits);
    },
    async checkOut({ repository, commit, directory }) {
      const { git } = await mirrorWith(repository, commit);
      await checkOutTree(git, commit, directory);
    },
  };
}

/** As many paths as a tree may have, of the usual length. */
const mostChangedBytes = 16_000_000;

async function isAncestor(mirror: GitMirror, ancestor: Commit, of: string): Promise<boolean> {
  const result = await mirror.git.attempt({ args: ['merge-base', '--is-ancestor', ancestor, of] });
  // No answer at all, which must not be read as "no".
  if (ranOutOfMemory(result)) throw failure('SLIP-SRC-10', describeResult('git merge-base', result));
  return result.exitCode === 0; // 1 is "no", 128 is "one of them is unknown"
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw failure('SLIP-SRC-5', `${path} is not UTF-8 text`);
  }
}
