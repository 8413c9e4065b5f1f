import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/world-until.ts';
import { barriersOf, isTooWide, looks, picture, useBrowser } from './support/browser.ts';
import { opening } from './support/opening.ts';
import { manyServices } from './support/many-services.ts';
import { startWorld } from './support/world.ts';
import type { World } from './support/world.ts';

/** What somebody sees first, in a real browser, while real releases go by. */

const browser = useBrowser();
let world: World;
let failing = '';

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const open = opening(browser, () => world);

describe('the overview of an installation in which nothing was released', () => {
  it('says how the first release is started, with the command', async () => {
    const { page, complaints } = await open('/', {}, 'lab-developer');
    await page.getByRole('heading', { name: 'Nothing runs yet' }).waitFor();
    await page.getByText('slipway deploy').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await picture(page, 'overview-empty');
    expect(complaints).toEqual([]);
  });
});

describe('the overview of a release that waits for approval', () => {
  beforeAll(async () => {
    const first = await world.start(world.commits.good);
    await world.approve(first);
    await world.untilEnded(first);
    failing = await world.start(world.commits.failing);
    await until(
      'it to wait',
      async () => (await world.approver.release(failing)).status?.stage === 'awaiting-approval',
    );
  });

  it('has it first for whoever may approve it, beside what is verified where', async () => {
    const { page, complaints } = await open();
    const mine = page.getByRole('region', { name: 'Waits for you' });
    await mine.getByText('Needs a yes.').waitFor();
    await page.getByRole('status').getByText('1 waits for you: shop to production, waiting for approval.').waitFor();
    const matrix = page.getByRole('table', { name: /Services by environment/ });
    await matrix.getByText(/next: .*, needs a yes/).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await picture(page, 'overview-approval-light');
    await mine.getByRole('link', { name: 'Review shop to production' }).click();
    await page.getByRole('heading', { name: 'It needs a yes.' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('has it among what runs for whoever has asked for it, and may not approve it', async () => {
    const { page } = await open('/', {}, 'lab-developer');
    await page.getByText('Nothing waits for you.').first().waitFor();
    await page.getByRole('region', { name: 'Running' }).getByText('waiting for approval').waitFor();
  });
});

describe('the overview of a release that is held', () => {
  beforeAll(async () => {
    await world.approve(failing);
    await until('it to be held', async () => (await world.approver.release(failing)).status?.stage === 'held');
  });

  it.each(looks)('says what failed, and where regions do not agree: %s, %s %s', async (name, viewport, colorScheme) => {
    const { page, complaints } = await open('/', { viewport, colorScheme });
    const mine = page.getByRole('region', { name: 'Waits for you' });
    await mine.getByText(/NL failed after .*no CHECKOUT_URL/).waitFor();
    await mine.getByRole('link', { name: 'Decide shop to production' }).waitFor();
    const cells = page.getByRole('table', { name: /Services by environment/ }).getByRole('cell');
    await cells.filter({ hasText: 'held' }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await picture(page, `overview-${name}-${colorScheme}`);
    expect(complaints).toEqual([]);
  });

  it('shows what is sought, and keeps that in its address', async () => {
    const { page } = await open('/?find=shop');
    await page.getByRole('button', { name: /^held/ }).click();
    await page.waitForURL('**/?find=shop&state=held');
    const row = page.getByRole('row', { name: /shop/ });
    await row.waitFor();
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('No service is so.').waitFor();
    expect(await row.isVisible()).toBe(false);
    expect(new URL(page.url()).search).toBe('?find=nobody&state=held');
    await page.reload();
    await page.getByText('No service is so.').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('nobody');
  });
});

describe('the overview of two hundred services', () => {
  it('is whole, and is filtered by what is typed', async () => {
    const { page, complaints } = await browser.page();
    world.login.as = 'lab-approver';
    const json = manyServices(Date.now());
    await page.route('**/v1/overview', (route) => route.fulfill({ json }));
    await page.goto(`${world.engine.gatewayUrl}/auth/login?to=/`);
    const shown = page.locator('.matrix tbody tr[data-row]');
    await shown.nth(13).waitFor();
    await page.getByRole('button', { name: /Show more/ }).press('Enter');
    await shown.nth(38).waitFor();
    for (let last = 63; last < 225; last += 25) {
      await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
      await shown.nth(Math.min(last, 199)).waitFor();
    }
    await page.getByText('service-199', { exact: true }).waitFor();
    expect(await shown.count()).toBe(200);
    await page.getByRole('searchbox').fill('service-19');
    await page.getByRole('row', { name: /service-001/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('row', { name: /service-19\d/ }).count()).toBe(10);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('row', { name: /service-001/ }).waitFor();
    await picture(page, 'overview-many-light');
    expect(complaints).toEqual([]);
  });
});
