import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { exitCodeRows } from '../../../client/cli/exit-codes.ts';

it('documents every exit code as the table says it', async () => {
  const text = await readFile(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  for (const { code, name, says } of exitCodeRows()) {
    expect(text.replaceAll('`', '')).toContain(`| ${code} | ${name} | ${says.replaceAll('`', '')}`);
  }
});
