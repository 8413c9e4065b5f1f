import { expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './markdown.ts';

const text = readFileSync(join(root, 'docs/requirements.md'), 'utf8');
const rows = text.split(/^## /m).slice(1);
const named = rows.flatMap((row) =>
  [...row.matchAll(/^- `(test\/[\w./-]+)` “([^”]+)”$/gm)].map(([, file = '', title = '']) => ({ file, title })),
);

it('each requirement is there with its number and how far it is', () => {
  expect(rows.map((row) => row.split('.')[0])).toEqual(Array.from({ length: 16 }, (_, i) => `R${i + 1}`));
  for (const row of rows) expect(row.split('\n')[0]).toMatch(/: (done|in part|not yet)$/);
});

it('what is done, and what is missing of the rest, is said', () => {
  for (const row of rows) {
    const state = /: (.*)$/.exec(row.split('\n')[0]!)![1];
    if (state === 'done') expect(row).toMatch(/^- `test\//m);
    if (state === 'in part') expect(row).toContain('Missing: ');
  }
});

it.each(named)('the test that is named is there: $file “$title”', ({ file, title }) => {
  expect(existsSync(join(root, file))).toBe(true);
  expect(readFileSync(join(root, file), 'utf8')).toContain(title);
});

it('no test is named in another form, which nobody would look for', () => {
  expect(text.match(/^- `test\//gm)?.length).toBe(named.length);
});
