import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './markdown.ts';

const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const [, section = ''] = /^## What is refused at the doors\n(.*?)^## /ms.exec(page) ?? [];

const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, inside = '']) => inside);

/** `answers`: each status, and whatever stands as code. */
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| What is sent'))
  .map((line) => {
    const [what = '', answer = '', tests = ''] = line.slice(2, -2).split(' | ');
    const answers = [...quoted(answer), ...(answer.match(/\b[2-5]\d\d\b/g) ?? [])];
    return { what, answers, files: quoted(tests) };
  });

describe('what docs/security.md says is refused at the doors', () => {
  it('has a test for each row', () => {
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter(({ files }) => files.length === 0)).toEqual([]);
    // Read as a pattern below.
    for (const { answers } of rows) for (const answer of answers) expect(answer).toMatch(/^[\w -]+$/);
    for (const { files } of rows) for (const file of files) expect(file).toMatch(/^test\/[\w/-]+\.test\.ts$/);
  });

  it.each(rows)('is answered so by the tests that it names: $what', ({ answers, files }) => {
    const texts = files.map((file) => readFileSync(join(root, file), 'utf8'));
    const said = (answer: string) => texts.some((text) => asserted(answer).test(text));
    expect(answers.filter((answer) => !said(answer))).toEqual([]);
  });
});

/** As a word of its own: the headers by their lower-case names. */
function asserted(answer: string): RegExp {
  return new RegExp(`(?<![\\w-])${answer}(?![\\w-])`, 'i');
}
