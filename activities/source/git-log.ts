import type { Commit, Millis } from '../../domain/contract/release.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { head } from '../../domain/whole-text.ts';
import type { GitMirror } from './git-mirror.ts';
import { partsOf } from './git-parts.ts';
import type { CommitLine } from './port.ts';
import { requireCommit } from './requests.ts';

/** What is new: `commit` and what is before it, but for what one of the others has. */
interface News {
  commit: Commit;
  notIn: readonly Commit[];
}

/** See `Source.authors`. */
export async function authorsIn(mirror: GitMirror, news: News): Promise<string[] | undefined> {
  const which = await newIn(mirror, news);
  const args = ['log', `--max-count=${mostCommits + 1}`, `--format=${authorsFormat}`, ...which, '--'];
  const told = await unlessTooMuch(mirror.git.output({ args, maxOutputBytes: 8_000_000 }));
  if (!told) return undefined;
  const commits = told.toString('utf8').split('\0').slice(1);
  const all = commits.length <= mostCommits ? addressesIn(commits) : undefined;
  return all && all.join().length <= mostAddressBytes ? all : undefined;
}

/** See `Source.commits`. */
export async function commitsIn(
  mirror: GitMirror,
  news: News,
  most: number,
): Promise<{ commits: CommitLine[]; more: boolean }> {
  const which = await newIn(mirror, news);
  const args = ['log', `--max-count=${most + 1}`, `--format=${lineFormat}`, ...which, '--'];
  const all = linesIn(partsOf(await mirror.git.output({ args, maxOutputBytes: 8_000_000 })));
  return { commits: all.slice(0, most), more: all.length > most };
}

/** See `Source.times`. */
export async function timesIn({ git }: GitMirror, commits: readonly Commit[]): Promise<Map<Commit, Millis>> {
  const args = ['log', '--no-walk=unsorted', '--ignore-missing', '--format=%H %ct', '--stdin'];
  const told = await git.output({
    args,
    input: commits.map((commit) => `${commit}\n`).join(''),
    maxOutputBytes: 8_000_000,
  });
  const lines = told.toString('utf8').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, commit, seconds] = /^([0-9a-f]{40}) (\d{1,11})$/.exec(line) ?? [];
      return commit === undefined ? [] : [[commit, Number(seconds) * 1_000] as const];
    }),
  );
}

/** For `git log`. Where none of the others is known here: the commit alone. */
async function newIn(mirror: GitMirror, { commit, notIn }: News): Promise<string[]> {
  notIn.forEach(requireCommit);
  const known: Commit[] = [];
  for (const other of notIn) if (await mirror.knows(other)) known.push(other);
  return known.length > 0 ? [commit, '--not', ...known] : ['--no-walk', commit];
}

const lineFormat = '%H%x00%an%x00%at%x00%s%x00';

function linesIn(parts: readonly string[]): CommitLine[] {
  return Array.from({ length: Math.floor(parts.length / 4) }, (_, n) => {
    const [commit = '', author = '', at = '', subject = ''] = parts.slice(4 * n, 4 * n + 4);
    return { commit: commit.trim(), author: head(author, 100), at: Number(at) * 1_000, subject: head(subject, 200) };
  });
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
