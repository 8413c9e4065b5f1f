import { posix } from 'node:path';
import type { Commit } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Git } from './git-command.ts';
import { treeLimits } from './git-tree-size.ts';

export interface TreeEntry {
  mode: string;
  type: string;
  object: string;
  /** Bytes; 0 for what is not a file. */
  size: number;
  path: string;
}

const linkMode = '120000';

export const isLink = (entry: TreeEntry) => entry.mode === linkMode;

export async function listTree(git: Git, commit: Commit, path?: string): Promise<TreeEntry[]> {
  const selection = path === undefined ? ['-r', commit] : [commit, '--', path];
  const listed = await git.output({
    args: ['ls-tree', '-z', '-l', '--full-tree', ...selection],
    maxOutputBytes: 64_000_000,
  });
  return listed
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '')
    .map(parseEntry);
}

/** Refuses a tree that is too large, or whose links could lead anything that follows them out of the checkout. Throws SLIP-SRC-6. */
export async function refuseUnsafeTree(git: Git, entries: TreeEntry[]): Promise<void> {
  const bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (entries.length > treeLimits.paths || bytes > treeLimits.bytes) {
    throw failure(
      'SLIP-SRC-6',
      `the tree has ${entries.length} files and ${bytes} bytes; at most ${treeLimits.paths} and ${treeLimits.bytes} are checked out`,
    );
  }
  const links = entries.filter(isLink);
  const targets = await readObjects(git, links);
  const outside = links.filter((link, n) => !staysInside(link.path, targets[n]!));
  if (outside.length > 0) {
    const named = outside.slice(0, 10).map((link) => link.path);
    throw failure('SLIP-SRC-6', `links that lead out of the repository, or could: ${named.join(', ')}`);
  }
}

/**
 * Whether a link stays inside whatever other links there are: all its `..` come first, where only real directories are left (git stores
 * nothing below a link), and not more of them than the link is deep. `a/../b` is refused because `a` may be a link itself.
 */
export function staysInside(path: string, target: string): boolean {
  if (target === '' || posix.isAbsolute(target) || target.includes('\0')) return false;
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const ups = parts.findIndex((part) => part !== '..');
  const leading = ups === -1 ? parts.length : ups;
  const depth = path.split('/').length - 1;
  return leading <= depth && !parts.slice(leading).includes('..');
}

async function readObjects(git: Git, entries: TreeEntry[]): Promise<string[]> {
  if (entries.length === 0) return [];
  const input = entries.map((entry) => `${entry.object}\n`).join('');
  const answer = await git.output({ args: ['cat-file', '--batch=%(objectsize)'], input, maxOutputBytes: 64_000_000 });
  const texts: string[] = [];
  for (let at = 0; at < answer.length;) {
    const lineEnd = answer.indexOf(10, at);
    const size = Number(answer.toString('utf8', at, lineEnd));
    texts.push(answer.toString('utf8', lineEnd + 1, lineEnd + 1 + size));
    at = lineEnd + 1 + size + 1;
  }
  return texts;
}

function parseEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', type = '', object = '', size = ''] = line.slice(0, tab).split(/ +/);
  return { mode, type, object, size: Number(size) || 0, path: line.slice(tab + 1) };
}
