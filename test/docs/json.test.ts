import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonDocs, jsonSchemaFile } from '../../scripts/generate-json-docs.ts';
import { root } from './markdown.ts';

it.each([
  ['docs/json.schema.json', jsonSchemaFile],
  ['docs/json.md', jsonDocs],
])('%s is what `node scripts/generate-json-docs.ts` writes', (file, text) => {
  expect(readFileSync(join(root, file), 'utf8')).toBe(text());
});
