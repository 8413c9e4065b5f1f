import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Commit } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { describeResult, type CommandResult } from '../shared/run-command.ts';
import { watchPacks } from './fetch-size.ts';
import { ranOutOfMemory } from './git-memory.ts';
import { createGit, type Git, type GitSettings, type NetworkResult } from './git-command.ts';

/** A bare copy of one repository on this machine. It is a cache: broken, it is thrown away and made again. */
export interface GitMirror {
  git: Git;
  /**
   * Brings all branches up to date, as they are now or later, and answers whether the commit is there then. However many ask at once, one fetch answers all that asked before it began.
   * Throws SLIP-SRC-2, SLIP-SRC-8, SLIP-SRC-9, SLIP-SRC-10 or SLIP-SRC-11.
   */
  fetchFor(commit: Commit): Promise<boolean>;
  /** Whether a fetch of the last seconds has not brought the commit: whoever guesses commits does not keep the server busy. */
  wasAbsentJustNow(commit: Commit): Promise<boolean>;
  /** Whether the commit is here; looks at the remote once when it is not. */
  knows(commit: Commit): Promise<boolean>;
}

const fetchTimeoutMs = 15 * 60_000;
/** No longer than it takes to push again and to ask once more. */
const absentMs = 3_000;
const mostAbsent = 1_000;

export interface MirrorSettings extends GitSettings {
  maxFetchBytes: number;
  clock: () => number;
}

export function createGitMirror(repository: string, cacheDirectory: string, settings: MirrorSettings): GitMirror {
  const directory = join(cacheDirectory, createHash('sha256').update(repository).digest('hex'));
  const git = createGit(directory, settings);
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  /** Commits that were not there, and when a fetch has told so. */
  const absent = new Map<Commit, number>();

  async function fetchNow(): Promise<void> {
    await ensureExists(directory, cacheDirectory, settings);
    const fetchOnce = () =>
      fetchBranches(git, { repository, directory, maxBytes: settings.maxFetchBytes }).catch(async (error: unknown) => {
        // What came is not kept: the next fetch would find it there, and nothing too large about the rest.
        if (error instanceof Failure && error.details.code === 'SLIP-SRC-10') await discard(directory);
        throw error;
      });
    const first = await fetchOnce();
    if (first.exitCode === 0) return;
    if (ranOutOfMemory(first)) await discard(directory); // what came of it stays otherwise
    if (ranOutOfMemory(first) || isMalformed(first) || !isBroken(first)) throw fetchFailure(first);
    await discard(directory);
    await ensureExists(directory, cacheDirectory, settings);
    const second = await fetchOnce();
    if (second.exitCode !== 0) throw fetchFailure(second);
  }

  const begin = () => {
    next = undefined;
    running = fetchNow().finally(() => (running = undefined));
    return running;
  };
  // One that runs may have begun before the push that the caller is about.
  const fetch = () => (running ? (next ??= running.catch(() => {}).then(begin)) : begin());
  const has = async (commit: Commit) =>
    (await exists(directory)) && (await git.attempt({ args: ['cat-file', '-e', `${commit}^{commit}`] })).exitCode === 0;
  const wasAbsentJustNow = async (commit: Commit) =>
    settings.clock() - (absent.get(commit) ?? -Infinity) < absentMs && !(await has(commit));
  const fetchFor = async (commit: Commit) => {
    await fetch();
    const isThere = await has(commit);
    absent.delete(commit);
    if (!isThere) absent.set(commit, settings.clock());
    if (absent.size > mostAbsent) absent.delete(absent.keys().next().value!);
    return isThere;
  };
  return {
    git,
    fetchFor,
    async knows(commit) {
      if (await has(commit)) return true;
      return !(await wasAbsentJustNow(commit)) && (await fetchFor(commit));
    },
    wasAbsentJustNow,
  };
}

/** Only branches: a commit that is on none (a fork's, a pull request's) must not become known by asking for it. */
async function fetchBranches(
  git: Git,
  { repository, directory, maxBytes }: { repository: string; directory: string; maxBytes: number },
): Promise<NetworkResult> {
  const watch = await watchPacks(directory, maxBytes);
  const args = ['fetch', '--prune', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--quiet'];
  const call = { args: [...args, '--', repository, '+refs/heads/*:refs/heads/*'], timeoutMs: fetchTimeoutMs };
  const ended = await git.overNetwork(repository, { ...call, signal: watch.signal }).catch(async (error: unknown) => {
    await watch.end();
    throw error;
  });
  await watch.end();
  return ended;
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
    await mkdir(join(aside, 'info'), { recursive: true });
    await writeFile(join(aside, attributesFile), asCommitted);
    await rename(aside, directory).catch(async () => {
      if (await exists(directory)) return; // another worker was first
      await discard(directory); // of before there were attributes
      await rename(aside, directory);
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

/**
 * Goes before every `.gitattributes`: what is checked out are the bytes that the commit has, which are those that people have looked at. No
 * other encoding or line ends, no `$Id$`; of "no encoding" git wants that nothing is said.
 */
const asCommitted = '* -text -eol -ident -filter !working-tree-encoding\n';
const attributesFile = join('info', 'attributes');

async function exists(directory: string): Promise<boolean> {
  return stat(join(directory, attributesFile)).then(
    () => true,
    () => false,
  );
}

/** What a git that was killed, or a disk that was full, leaves behind: here, and not at the server, which speaks for itself alone. */
function isBroken(result: CommandResult): boolean {
  const ours = result.tail
    .split('\n')
    .filter((line) => !line.startsWith('remote: '))
    .join('\n');
  return /\.lock'?: File exists|not a git repository|object file [^\n]{0,300} is empty|loose object [^\n]{0,300} is corrupt|bad (tree|object)|unable to read (tree|sha1)|packfile [^\n]{0,300} cannot be accessed/i.test(
    ours,
  );
}

/** What git says of objects that it looks through. One that was cut off on its way is missed in other words. */
function isMalformed({ tail }: CommandResult): boolean {
  return /fsck error|error: object [0-9a-f]{40}: [a-zA-Z]+:/i.test(tail);
}

function fetchFailure(result: NetworkResult) {
  const detail = describeResult(result.introducedBy ? `git fetch (${result.introducedBy})` : 'git fetch', result);
  if (ranOutOfMemory(result)) return failure('SLIP-SRC-10', `an object in it takes too much memory\n${detail}`);
  if (result.notStarted || /no space left|read-only file system/i.test(result.tail))
    return failure('SLIP-SRC-9', detail);
  if (isMalformed(result)) return failure('SLIP-SRC-11', detail);
  if (/transport '[^'\n]{0,100}' not allowed/i.test(result.tail)) return failure('SLIP-SRC-4', detail);
  if (/requested URL returned error: 30\d/i.test(result.tail)) {
    const moved = 'the server sends to another address, where the login must not go: name that one as the repository';
    return failure('SLIP-SRC-8', `${moved}\n${detail}`);
  }
  const refused =
    /authentication failed|could not read (username|password)|permission denied|repository not found|error: 40[134]|does not (appear to be a git repository|exist)|dubious ownership/i;
  return failure(refused.test(result.tail) ? 'SLIP-SRC-8' : 'SLIP-SRC-2', detail);
}
