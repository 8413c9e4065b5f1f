import type { Commit } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { noLogins, type LoginReferences } from '../shared/logins.ts';
import { describeResult } from '../shared/run-command.ts';
import { checkOutTree } from './git-check-out.ts';
import { mostFetchedBytes } from './fetch-size.ts';
import { findGitBound, mostGitBytes, ranOutOfMemory } from './git-memory.ts';
import { createGitMirror, type GitMirror, type MirrorSettings } from './git-mirror.ts';
import { isLink, listTree } from './git-tree.ts';
import { refuseHugeTree } from './git-tree-size.ts';
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
    async authors({ repository, commit, notIn }) {
      notIn.forEach(requireCommit);
      const mirror = await mirrorWith(repository, commit);
      const known: Commit[] = [];
      for (const other of notIn) if (await mirror.knows(other)) known.push(other);
      const which = known.length > 0 ? [commit, '--not', ...known] : ['--no-walk', commit];
      const args = ['log', `--max-count=${mostCommits + 1}`, `--format=${authorsFormat}`, ...which, '--'];
      const told = await unlessTooMuch(mirror.git.output({ args, maxOutputBytes: 8_000_000 }));
      if (!told) return undefined;
      const commits = told.toString('utf8').split('\0').slice(1);
      const all = commits.length <= mostCommits ? addressesIn(commits) : undefined;
      return all && all.join().length <= mostAddressBytes ? all : undefined;
    },
    async checkOut({ repository, commit, directory }) {
      const { git } = await mirrorWith(repository, commit);
      await checkOutTree(git, commit, directory);
    },
  };
}

/** As many paths as a tree may have, of the usual length. */
const mostChangedBytes = 16_000_000;

/** What stands before each NUL, without a text of the whole. */
function partsOf(bytes: Buffer): string[] {
  const parts: string[] = [];
  for (let at = 0, end = bytes.indexOf(0); end >= 0; at = end + 1, end = bytes.indexOf(0, at))
    parts.push(bytes.toString('utf8', at, end));
  return parts;
}

const mostCommits = 20_000;
/** They are kept with what else was read of a release, in a document of 4 MB. */
const mostAddressBytes = 500_000;
/** As written, and not as a `.mailmap` in the repository would have it. */
const authorsFormat = '%x00%ae%n%(trailers:key=Co-authored-by,valueonly)';

/** Undefined for more than is read: nobody can be kept from releasing by it. */
async function unlessTooMuch(output: Promise<Buffer>): Promise<Buffer | undefined> {
  try {
    return await output;
  } catch (error) {
    if (error instanceof Failure && error.details.code === 'SLIP-SRC-6') return undefined;
    throw error;
  }
}

/** One on each line of each commit: an address, or a name and an address in angle brackets. */
function addressesIn(commits: readonly string[]): string[] {
  const found = commits
    .flatMap((commit) => commit.split('\n'))
    .map((line) => {
      const open = line.lastIndexOf('<');
      return (open < 0 ? line : line.slice(open + 1).replace('>', '')).trim().toLowerCase();
    });
  return [...new Set(found.filter((address) => address !== ''))].sort();
}

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
