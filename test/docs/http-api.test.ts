import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { httpApiDocs, openApiFile } from '../../scripts/generate-http-api-docs.ts';
import { root } from './markdown.ts';

it.each([
  ['docs/openapi.json', openApiFile],
  ['docs/http-api.md', httpApiDocs],
])('%s is what `node scripts/generate-http-api-docs.ts` writes', (file, text) => {
  expect(readFileSync(join(root, file), 'utf8')).toBe(text());
});
