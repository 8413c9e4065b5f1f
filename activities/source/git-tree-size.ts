import type { Commit } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Git } from './git-command.ts';

/** What a tree is, written out: the same tree may stand in it many times, so that 24 objects make a million paths. */
export interface TreeSize {
  paths: number;
  /** Of directories in each other. */
  depth: number;
  /** Of the longest path, in bytes. */
  pathBytes: number;
}

export const treeLimits = { paths: 200_000, bytes: 2_000_000_000, depth: 100, pathBytes: 4_000, trees: 100_000 };
const listBytes = 64_000_000;
const treeMode = '40000';

export interface TreeNode {
  /** The names in it, in bytes, with the object behind each that is a tree. */
  entries: { nameBytes: number; tree?: string }[];
}

/**
 * Refuses a commit whose files nobody should write out, before anything is: each different tree is read once, however often it stands in
 * others. git itself would go through all paths. Throws SLIP-SRC-6.
 */
export async function refuseHugeTree(git: Git, commit: Commit): Promise<void> {
  const [root] = await readTrees(git, [`${commit}^{tree}`]);
  const known = new Map<string, TreeNode>([['', root!]]);
  let level = subtreesOf(root!, known);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > treeLimits.depth) throw tooLarge(`directories more than ${treeLimits.depth} deep`);
    if (known.size + level.length > treeLimits.trees) throw tooLarge(`more than ${treeLimits.trees} directories`);
    const nodes = await readTrees(git, level);
    for (const [n, id] of level.entries()) known.set(id, nodes[n]!);
    level = [...new Set(nodes.flatMap((node) => subtreesOf(node, known)))];
  }
  const { paths, pathBytes } = sizeOfTree(known);
  if (paths > treeLimits.paths) throw tooLarge(`${paths} paths; at most ${treeLimits.paths} are checked out`);
  if (pathBytes > treeLimits.pathBytes) throw tooLarge(`a path of ${pathBytes} bytes`);
}

const tooLarge = (what: string) => failure('SLIP-SRC-6', `the tree has ${what}`);

function subtreesOf(node: TreeNode, known: ReadonlyMap<string, TreeNode>): string[] {
  const found = node.entries.flatMap(({ tree }) => (tree === undefined || known.has(tree) ? [] : [tree]));
  return [...new Set(found)];
}

/** From the leaves up, each tree once. The root goes by the name `''`. A tree cannot hold itself: its name is made of what it holds. */
export function sizeOfTree(trees: ReadonlyMap<string, TreeNode>): TreeSize {
  const sizes = new Map<string, TreeSize>();
  const sizeOf = (id: string): TreeSize => {
    const before = sizes.get(id);
    if (before) return before;
    const size: TreeSize = { paths: 0, depth: 0, pathBytes: 0 };
    for (const { nameBytes, tree } of trees.get(id)?.entries ?? []) {
      const inside = tree === undefined ? { paths: 1, depth: 0, pathBytes: -1 } : sizeOf(tree);
      size.paths += inside.paths;
      size.depth = Math.max(size.depth, inside.depth + 1);
      size.pathBytes = Math.max(size.pathBytes, nameBytes + 1 + inside.pathBytes);
    }
    sizes.set(id, size);
    return size;
  };
  return sizeOf('');
}

async function readTrees(git: Git, ids: string[]): Promise<TreeNode[]> {
  const input = ids.map((id) => `${id}\n`).join('');
  const answer = await git.output({
    args: ['cat-file', '--batch=%(objecttype) %(objectsize)'],
    input,
    maxOutputBytes: listBytes,
  });
  const nodes: TreeNode[] = [];
  for (let at = 0; at < answer.length;) {
    const lineEnd = answer.indexOf(10, at);
    const [type, size] = answer.toString('utf8', at, lineEnd).split(' ');
    if (type !== 'tree') throw failure('SLIP-SRC-9', `git has no tree where one belongs: ${type}`);
    const end = lineEnd + 1 + Number(size);
    nodes.push(parseTree(answer.subarray(lineEnd + 1, end)));
    at = end + 1;
  }
  return nodes;
}

/** `mode SP name NUL` and 20 bytes of the object's name, for each entry. */
function parseTree(bytes: Buffer): TreeNode {
  const entries: TreeNode['entries'] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const nul = bytes.indexOf(0, space);
    const isTree = bytes.toString('latin1', at, space).replace(/^0/, '') === treeMode;
    const nameBytes = nul - space - 1;
    entries.push(isTree ? { nameBytes, tree: bytes.toString('hex', nul + 1, nul + 21) } : { nameBytes });
    at = nul + 21;
  }
  return { entries };
}
