import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCatalogue } from '../../domain/errors/catalogue.ts';
import { errorDocs } from '../../scripts/generate-error-docs.ts';
import { pages, root } from './markdown.ts';

it('docs/errors.md is what `node scripts/generate-error-docs.ts` writes', () => {
  expect(readFileSync(join(root, 'docs/errors.md'), 'utf8')).toBe(errorDocs());
});

it('every code that a document names is in the catalogue', () => {
  const named = pages().flatMap(({ file, text }) =>
    (text.match(/\bSLIP-[A-Z0-9]+-\d+\b/g) ?? []).map((code) => ({ file, code })),
  );
  expect(named.filter(({ code }) => !Object.hasOwn(errorCatalogue, code))).toEqual([]);
});
