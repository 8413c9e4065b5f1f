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

/** `bytes` are those of the files, `treeBytes` those of the different trees themselves. */
export const treeLimits = {
  paths: 200_000,
  bytes: 2_000_000_000,
  depth: 100,
  pathBytes: 4_000,
  trees: 100_000,
  treeBytes: 32_000_000,
};
/** Of all different trees: each that is no tree is a path of its own, each that is one a directory. */
const mostEntries = treeLimits.paths + treeLimits.trees;
const treeMode = '40000';

export interface TreeNode {
  /** What is no tree. */
  files: number;
  /** The longest name of these, in bytes. */
  longestName: number;
  trees: { nameBytes: number; tree: string }[];
}

/** Counted while looking. Whoever sees more than is allowed looks no further, and holds no more. */
interface Seen {
  bytes: number;
  entries: number;
}

/**
 * Refuses a commit whose files nobody should write out, before anything is: each different tree is read once, however often it stands in
 * others, and none after there were too many, or too large ones. git itself would go through all paths. Throws SLIP-SRC-6.
 */
export async function refuseHugeTree(git: Git, commit: Commit): Promise<void> {
  const known = new Map<string, TreeNode>();
  const seen: Seen = { bytes: 0, entries: 0 };
  const [root] = await readTrees(git, [`${commit}^{tree}`], seen);
  known.set('', root!);
  let level = subtreesOf([root!], known);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > treeLimits.depth) throw tooLarge(`directories more than ${treeLimits.depth} deep`);
    if (known.size + level.length > treeLimits.trees) throw tooLarge(`more than ${treeLimits.trees} directories`);
    const nodes = await readTrees(git, level, seen);
    for (const [n, id] of level.entries()) known.set(id, nodes[n]!);
    level = subtreesOf(nodes, known);
  }
  const { paths, pathBytes } = sizeOfTree(known);
  if (paths > treeLimits.paths) throw tooLarge(`${paths} paths; at most ${treeLimits.paths} are checked out`);
  if (pathBytes > treeLimits.pathBytes) throw tooLarge(`a path of ${pathBytes} bytes`);
}

const tooLarge = (what: string) => failure('SLIP-SRC-6', `the tree has ${what}`);

function subtreesOf(nodes: TreeNode[], known: ReadonlyMap<string, TreeNode>): string[] {
  const found = new Set<string>();
  for (const { trees } of nodes) for (const { tree } of trees) if (!known.has(tree)) found.add(tree);
  return [...found];
}

/** From the leaves up, each tree once. The root goes by the name `''`. A tree cannot hold itself: its name is made of what it holds. */
export function sizeOfTree(trees: ReadonlyMap<string, TreeNode>): TreeSize {
  const sizes = new Map<string, TreeSize>();
  const sizeOf = (id: string): TreeSize => {
    const before = sizes.get(id);
    if (before) return before;
    const node = trees.get(id) ?? { files: 0, longestName: 0, trees: [] };
    const size: TreeSize = { paths: node.files, depth: node.files > 0 ? 1 : 0, pathBytes: node.longestName };
    for (const { nameBytes, tree } of node.trees) {
      const inside = sizeOf(tree);
      size.paths += inside.paths;
      size.depth = Math.max(size.depth, inside.depth + 1);
      size.pathBytes = Math.max(size.pathBytes, nameBytes + 1 + inside.pathBytes);
    }
    sizes.set(id, size);
    return size;
  };
  return sizeOf('');
}

const form = '%(objecttype) %(objectsize)';
/** Of what git says of one object beside the object: a kind, a size and two line ends; or a name, and that it is missing. */
const lineBytes = 80;

/** Their sizes first: git would hold each whole, and so would we. */
async function readTrees(git: Git, ids: string[], seen: Seen): Promise<TreeNode[]> {
  const input = ids.map((id) => `${id}\n`).join('');
  const ask = (how: string, maxOutputBytes: number) => git.output({ args: ['cat-file', how], input, maxOutputBytes });
  const sizes = await ask(`--batch-check=${form}`, ids.length * lineBytes);
  for (const line of sizes.toString('utf8').split('\n').slice(0, -1)) seen.bytes += sizeOnLine(line);
  if (seen.bytes > treeLimits.treeBytes)
    throw tooLarge(`more names than ${treeLimits.treeBytes} bytes hold, in its different directories`);
  const answer = await ask(`--batch=${form}`, treeLimits.treeBytes + ids.length * lineBytes);
  const nodes: TreeNode[] = [];
  for (let at = 0; at < answer.length;) {
    const lineEnd = answer.indexOf(10, at);
    const end = lineEnd + 1 + sizeOnLine(answer.toString('utf8', at, lineEnd));
    nodes.push(parseTree(answer.subarray(lineEnd + 1, end), seen));
    at = end + 1;
  }
  return nodes;
}

function sizeOnLine(line: string): number {
  const [type, size] = line.split(' ');
  if (type !== 'tree') throw failure('SLIP-SRC-9', `git has no tree where one belongs: ${line}`);
  return Number(size);
}

/** `mode SP name NUL` and 20 bytes of the object's name, for each entry. */
function parseTree(bytes: Buffer, seen: Seen): TreeNode {
  const node: TreeNode = { files: 0, longestName: 0, trees: [] };
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const nul = bytes.indexOf(0, space);
    const isTree = bytes.toString('latin1', at, space).replace(/^0/, '') === treeMode;
    const nameBytes = nul - space - 1;
    if (isTree) node.trees.push({ nameBytes, tree: bytes.toString('hex', nul + 1, nul + 21) });
    else [node.files, node.longestName] = [node.files + 1, Math.max(node.longestName, nameBytes)];
    at = nul + 21;
    seen.entries += 1;
    if (seen.entries > mostEntries) throw tooLarge(`more than ${mostEntries} entries in its different directories`);
  }
  return node;
}
