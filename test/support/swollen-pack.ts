import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

const [commitType, treeType, blobType, deltaType] = [1, 2, 3, 7];
const mostCopied = 0xffffff;

/** A pack in which a file is a delta: "sixteen megabytes of that other one, and again, and again". */
export function swollenPack(bytes: number): { pack: Buffer; commit: string } {
  const base = Buffer.alloc(mostCopied);
  const times = Math.ceil(bytes / mostCopied);
  const copy = Buffer.from([0xf0, 0xff, 0xff, 0xff]);
  const length = base.length * times;
  const delta = Buffer.concat([varint(base.length), varint(length), ...Array.from({ length: times }, () => copy)]);
  const baseId = idOf('blob', [base], base.length);
  const swollenId = idOf(
    'blob',
    Array.from({ length: times }, () => base),
    length,
  );
  const tree = Buffer.concat([Buffer.from('100644 a\0'), baseId, Buffer.from('100644 b\0'), swollenId]);
  const treeId = idOf('tree', [tree], tree.length).toString('hex');
  const who = 'Test <test@example.invalid> 1700000000 +0000';
  const commit = Buffer.from(`tree ${treeId}\nauthor ${who}\ncommitter ${who}\n\nchange\n`);
  const body = Buffer.concat([
    Buffer.from('PACK\0\0\0\x02\0\0\0\x04', 'latin1'),
    ...[head(blobType, base.length), deflateSync(base)],
    ...[head(deltaType, delta.length), baseId, deflateSync(delta)],
    ...[head(treeType, tree.length), deflateSync(tree)],
    ...[head(commitType, commit.length), deflateSync(commit)],
  ]);
  const pack = Buffer.concat([body, createHash('sha1').update(body).digest()]);
  return { pack, commit: idOf('commit', [commit], commit.length).toString('hex') };
}

function idOf(type: string, parts: Buffer[], length: number): Buffer {
  const hash = createHash('sha1').update(`${type} ${length}\0`);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Seven bits in each byte, the lowest first. */
function varint(value: number, first: number[] = []): Buffer {
  const bytes = [...first];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** The type stands in the first byte, beside four bits of the length. */
function head(type: number, length: number): Buffer {
  const first = (type << 4) | (length & 15);
  const rest = Math.floor(length / 16);
  return rest === 0 ? Buffer.from([first]) : varint(rest, [first | 128]);
}
