import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriersOf, isTooWide, looks, picture, useBrowser } from './support/browser.ts';
import { startSourcePages } from './support/source-pages.ts';

/** Every state, as whoever works on the pages sees them: from the files as they lie, without a gateway. */

const browser = useBrowser();
let pages: Awaited<ReturnType<typeof startSourcePages>>;
let directory = '';
let page: Page;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'states-'));
  pages = await startSourcePages(directory);
  ({ page } = await browser.page());
  await page.goto(`${pages.url}/states`);
  await page.getByRole('heading', { name: 'Tones' }).waitFor();
});
afterAll(async () => {
  await pages.stop();
  await rm(directory, { recursive: true });
});

describe('everything that a page can show', () => {
  it.each(looks)('is read by everybody, and fits: %s, %s %s', async (name, viewport, colorScheme) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    expect(await barriersOf(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await picture(page, `states-${name}-${colorScheme}`);
  });
});
