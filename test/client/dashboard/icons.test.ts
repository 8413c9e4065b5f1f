import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

describe('the icons of the pages', () => {
  it('have no part that could move by itself: what a page shows a hundred times is drawn once', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../client/dashboard/index.html'), 'utf8');
    const symbols = page.match(/<symbol.*?<\/symbol>/gs) ?? [];
    expect(symbols.length).toBeGreaterThan(30);
    for (const symbol of symbols) expect(symbol).not.toMatch(/class=|<animate/);
  });
});
