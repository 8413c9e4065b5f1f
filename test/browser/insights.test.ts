import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/world-until.ts';
import { barriersOf, desk, isTooWide, phone, picture, tablet, useBrowser } from './support/browser.ts';
import { opening } from './support/opening.ts';
import { releasePast } from './support/past-releases.ts';
import { startWorld } from './support/world.ts';
import type { World } from './support/world.ts';

/** Which time target slips, because of which step: on a page, by the real gateway, from records as runs write them. */

const browser = useBrowser();
let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const open = opening(browser, () => world);

describe('insights of an installation that has released nothing', () => {
  it('say from when on they will show what', async () => {
    const { page, complaints } = await open('/insights');
    await page.getByText('From the first release that ends verified this page shows').waitFor();
    await page.getByRole('heading', { name: 'Nothing was verified in these weeks' }).waitFor();
    expect(await page.getByText('not measured: CI is not run by Slipway here', { exact: true }).count()).toBe(2);
    expect(await barriersOf(page)).toEqual([]);
    await picture(page, 'insights-empty');
    expect(complaints).toEqual([]);
  });
});

describe('insights of a quarter', () => {
  let released = 0;
  beforeAll(async () => {
    released = await releasePast(world, Date.now());
    // The gateway fetches their repository first, and says what it knows meanwhile.
    await until('the times of their commits', async () => {
      const { targets } = await world.approver.insights({});
      return targets.find(({ name }) => name === 'commit-to-production')?.leftOut === undefined;
    });
  });

  const everyLook = [
    ['desk', desk],
    ['tablet', tablet],
    ['phone', phone],
  ].flatMap(([name, viewport]) => (['light', 'dark'] as const).map((scheme) => [name, viewport, scheme] as const)) as [
    string,
    typeof desk,
    'light' | 'dark',
  ][];

  it.each(everyLook)(
    'name the target that slips and the slowest step: %s, %j, %s',
    async (name, viewport, colorScheme) => {
      const { page, complaints } = await open('/insights', { viewport, colorScheme });
      await page
        .getByRole('heading', { name: /^All regions takes \d+ min of 30 min and is growing\. The other 2 targets/ })
        .waitFor();
      await page.getByText(/^Slowest: deploying, /).waitFor();
      await page.getByText(`${released} releases to production, 1 service`).waitFor();
      expect(await barriersOf(page)).toEqual([]);
      expect(await isTooWide(page)).toBe(false);
      expect(await page.title()).toBe('Insights · Slipway');
      await picture(page, `insights-${name}-${colorScheme}`);
      expect(complaints).toEqual([]);
    },
  );

  it('have a table behind each chart, which the keyboard reaches', async () => {
    const { page } = await open('/insights');
    const panel = page.getByRole('region', { name: 'Commit to production' });
    await panel.getByRole('img', { name: /^Commit to production per week, medians, in \d+ of 13 weeks/ }).waitFor();
    await panel.getByRole('radio', { name: 'Chart' }).focus();
    await page.keyboard.press('ArrowRight');
    await panel.getByRole('table', { name: 'Commit to production, medians per week' }).waitFor();
    expect(await panel.getByRole('row').count()).toBe(14);
    expect(await panel.getByRole('img').isVisible()).toBe(false);
    await page.getByRole('region', { name: 'Slowest steps' }).getByText('Table').click();
    await page.getByRole('rowheader', { name: 'region nl' }).waitFor();
    await page.keyboard.press('Control+Home');
    await picture(page, 'insights-tables');
  });

  it('link to what was rolled back, with its cause in the words of what failed', async () => {
    const { page } = await open('/insights');
    const troubles = page.getByRole('region', { name: 'Rollbacks and holds, with their causes' });
    const row = troubles.getByRole('row').filter({ hasText: 'shop.currency is null' }).first();
    await row.getByRole('link', { name: /^shop#\d+$/ }).click();
    await page.getByRole('heading', { name: /shop → production/ }).waitFor();
  });

  it('are of the weeks and the lane that the address names', async () => {
    const { page } = await open('/insights?range=4w');
    await page.getByRole('link', { name: '4 weeks' }).and(page.locator('[aria-current]')).waitFor();
    await page.getByRole('main').getByRole('combobox', { name: 'Service' }).selectOption('shop');
    await page.waitForURL(/range=4w.*service=shop|service=shop.*range=4w/);
    await page.getByRole('link', { name: 'Year' }).click();
    await page.waitForURL(/range=year/);
    await page.getByText(`${released} releases to production`).waitFor();
    expect(page.url()).toContain('service=shop');
    await page.goto(`${world.engine.gatewayUrl}/insights?environment=nowhere`);
    await page.getByText('0 releases to nowhere').waitFor();
  });

  it('come as a file', async () => {
    const { page } = await open('/insights');
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('slipway-insights.csv');
    const rows = (await readFile(await download.path(), 'utf8')).split('\r\n');
    expect(rows[0]).toMatch(/^"release","number","service","environment",/);
    expect(rows).toHaveLength(released + 2);
  });

  it('say how each number is counted', async () => {
    const { page } = await open('/insights');
    await page.getByText('How each is counted', { exact: true }).click();
    await page.getByText('Not measured: CI is not run by Slipway here. Before a release').waitFor();
    expect(await barriersOf(page)).toEqual([]);
  });
});
