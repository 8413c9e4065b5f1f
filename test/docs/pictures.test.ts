import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf, pictures } from '../browser/pictures/list.ts';
import { readPng, writePng } from '../browser/pictures/png.ts';
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

  it('is read as browsers write it alone', () => {
    expect(() => readPng(writePng(colours(2)))).toThrow('another form of PNG');
  });
});
