import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Eight bits a colour, red, green, blue, row by row. */
export interface Pixels {
  width: number;
  height: number;
  rgb: Uint8Array;
}

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const channelsOf: Record<number, number> = { 2: 3, 6: 4 };

/** As browsers write them: eight bits, in colour, not interlaced, nothing to see through. Throws for others. */
export function readPng(file: Buffer): Pixels {
  let header: Buffer | undefined;
  const parts: Buffer[] = [];
  for (let at = signature.length; at < file.length; at += file.readUInt32BE(at) + 12) {
    const body = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
    const type = file.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') header = body;
    if (type === 'IDAT') parts.push(body);
  }
  const channels = channelsOf[header?.[9] ?? 0];
  if (!header || header[8] !== 8 || header[12] !== 0 || channels === undefined) throw new Error('another form of PNG');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  return {
    width,
    height,
    rgb: withoutAlpha(unfiltered(inflateSync(Buffer.concat(parts)), width * channels, channels), channels),
  };
}

/** PNG, 9.2: what is left, above, and above left of each byte. */
function unfiltered(raw: Buffer, length: number, step: number): Uint8Array {
  const rows = raw.length / (length + 1);
  const out = new Uint8Array(rows * length);
  for (let row = 0; row < rows; row += 1) {
    const filter = raw[row * (length + 1)] ?? 0;
    for (let x = 0; x < length; x += 1) {
      const at = row * length + x;
      const left = x < step ? 0 : out[at - step]!;
      const up = row === 0 ? 0 : out[at - length]!;
      const corner = x < step || row === 0 ? 0 : out[at - length - step]!;
      out[at] = raw[row * (length + 1) + 1 + x]! + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const [a, b, c] = [left, up, corner].map((one) => Math.abs(left + up - corner - one)) as [number, number, number];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function withoutAlpha(bytes: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return bytes;
  const rgb = new Uint8Array((bytes.length / 4) * 3);
  for (let from = 0, to = 0; from < bytes.length; from += 4, to += 3) rgb.set(bytes.subarray(from, from + 3), to);
  return rgb;
}

/** In 256 colours at most: a third of the bytes, and what pages are painted in has hardly more. */
export function writePng({ width, height, rgb }: Pixels): Buffer {
  const { palette, nearest } = paletteOf(rgb);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = nearest(colourAt(rgb, y * width + x));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  const parts = [
    ['IHDR', header],
    ['PLTE', colours],
    ['IDAT', data],
    ['IEND', Buffer.alloc(0)],
  ] as const;
  return Buffer.concat([signature, ...parts.map(([type, body]) => chunk(type, body))]);
}

export function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

const colourAt = (rgb: Uint8Array, pixel: number) =>
  (rgb[pixel * 3]! << 16) | (rgb[pixel * 3 + 1]! << 8) | rgb[pixel * 3 + 2]!;

/** The most frequent colours that can be told apart; then, as far as there is room, those that cannot. */
function paletteOf(rgb: Uint8Array): { palette: number[]; nearest: (colour: number) => number } {
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel < rgb.length / 3; pixel += 1) {
    const colour = colourAt(rgb, pixel);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const byFrequency = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour);
  const palette: number[] = [];
  for (const apart of [300, 0])
    for (const colour of byFrequency) {
      if (palette.length === 256) break;
      if (palette.every((known) => distance(known, colour) > apart)) palette.push(colour);
    }
  const found = new Map<number, number>();
  const nearest = (colour: number) => {
    const known = found.get(colour) ?? indexOfNearest(palette, colour);
    found.set(colour, known);
    return known;
  };
  return { palette, nearest };
}

function indexOfNearest(palette: readonly number[], colour: number): number {
  let best = 0;
  for (const [at, known] of palette.entries())
    if (distance(known, colour) < distance(palette[best]!, colour)) best = at;
  return best;
}

/** Squared. */
function distance(one: number, other: number): number {
  const of = (shift: number) => ((one >> shift) & 255) - ((other >> shift) & 255);
  return of(16) ** 2 + of(8) ** 2 + of(0) ** 2;
}
