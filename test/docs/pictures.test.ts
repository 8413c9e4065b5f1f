import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { filesOf, pictures } from '../browser/pictures/list.ts';
import { chunk, readPng, writePng } from '../browser/pictures/png.ts';
import type { Pixels } from '../browser/pictures/png.ts';
import { pages, root, withoutBlocks } from './markdown.ts';

const directory = join(root, 'docs/pictures');
const there = readdirSync(directory).sort();
const mostBytes = 200_000;

/** As Markdown and HTML name them, relative to the repository. */
const shown = pages().flatMap(({ file, text }) =>
  [...withoutBlocks(text).matchAll(/(?:src|srcset)="([^"\s]+)|!\[[^\]]*\]\(([^)\s]+)/g)].map(([, html, markdown]) =>
    join(dirname(file), html ?? markdown ?? ''),
  ),
);

describe('the pictures of the documents', () => {
  it('are those that `npm run pictures` takes, all of them and no others', () => {
    expect(there).toEqual(pictures.flatMap(filesOf).sort());
  });

  it('are shown somewhere, each of them, and whatever is shown is there', () => {
    expect([...new Set(shown)].sort()).toEqual(there.map((name) => `docs/pictures/${name}`));
  });

  it.each(there)('%s is small enough for a repository', (name) => {
    expect(readFileSync(join(directory, name)).length).toBeLessThan(mostBytes);
  });
});

/** In colour, each row by that filter: PNG, 9.2. */
function written({ width, height, rgb }: Pixels, filter: number): Buffer {
  const length = width * 3;
  const at = (row: number, x: number) => (row < 0 || x < 0 ? 0 : rgb[row * length + x]!);
  const rows = Buffer.alloc(height * (length + 1));
  for (let row = 0; row < height; row += 1) {
    rows[row * (length + 1)] = filter;
    for (let x = 0; x < length; x += 1) {
      const [left, up, corner] = [at(row, x - 3), at(row - 1, x), at(row - 1, x - 3)];
      const nearest = [left, up, corner].reduce((best, one) =>
        Math.abs(left + up - corner - one) < Math.abs(left + up - corner - best) ? one : best,
      );
      const guess = [0, left, up, Math.floor((left + up) / 2), nearest][filter]!;
      rows[row * (length + 1) + 1 + x] = at(row, x) - guess;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const parts = [
    ['IHDR', header],
    ['IDAT', deflateSync(rows)],
    ['IEND', Buffer.alloc(0)],
  ] as const;
  return Buffer.concat([Buffer.alloc(8), ...parts.map(([type, body]) => chunk(type, body))]);
}

describe('a picture that is made smaller', () => {
  const chunks = (file: Buffer) => [...file.toString('latin1').matchAll(/IHDR|PLTE|IDAT|IEND/g)].map(([type]) => type);
  /** Each colour of that many, once, in a row. */
  const colours = (count: number) => ({
    ...{ width: count, height: 1 },
    rgb: Uint8Array.from({ length: count * 3 }, (_, at) => [at % 251, (at * 7) % 253, (at * 13) % 255][at % 3]!),
  });

  it('has as many colours as there are, up to 256', () => {
    const few = writePng(colours(16));
    expect(chunks(few)).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect(few.readUInt32BE(few.indexOf('PLTE') - 4)).toBe(16 * 3);
    const many = writePng(colours(4_000));
    expect(many.readUInt32BE(many.indexOf('PLTE') - 4)).toBe(256 * 3);
  });

  it.each([0, 1, 2, 3, 4])('is read as it was, by whichever filter its rows were written: %i', (filter) => {
    const { width, height, rgb } = { width: 5, height: 4, rgb: colours(20).rgb };
    expect(readPng(written({ width, height, rgb }, filter))).toEqual({ width, height, rgb });
  });

  it('is read as browsers write it alone', () => {
    expect(() => readPng(writePng(colours(2)))).toThrow('another form of PNG');
  });
});
