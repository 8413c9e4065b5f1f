import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../support/world-until.ts';
import { barriersOf, isTooWide, looks, picture, useBrowser } from './support/browser.ts';
import { opening } from './support/opening.ts';
import { startWorld } from './support/world.ts';
import type { World } from './support/world.ts';

/** What somebody reads, and orders, on the pages of lanes, of what was released, and of two of them beside each other, on real releases. */

const browser = useBrowser();
const lane = { service: 'shop', environment: 'production' };
let world: World;
let first = '';
let second = '';

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const open = opening(browser, () => world);

/** Presses that button, says why, and waits until it was answered. */
async function order(page: Page, { button, title, reason }: { button: string; title: string; reason: string }) {
  await page.getByRole('button', { name: button }).click();
  const dialog = page.getByRole('dialog', { name: `${title}?` });
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: title, exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Of a lane in which a run is held: on its own page, and in the list, with the way to whoever decides. */
async function saysWhoHoldsIt() {
  const { page } = await open('/lanes/shop/production');
  await page.getByRole('heading', { name: /^Release [0-9a-f]{7} is in, held, and waits for a decision\.$/ }).waitFor();
  await page.locator('h1').getByText('held', { exact: true }).waitFor();
  await picture(page, 'lane-run-held');
  await page.getByRole('link', { name: /^Decide on the page of/ }).click();
  await page.waitForURL('**/runs/**');
  await page.goto(`${world.engine.gatewayUrl}/lanes`);
  const row = page.getByRole('row', { name: /shop → production/ });
  await row.getByText('held, and waits for a decision').waitFor();
  expect(await row.getByText('in use').count()).toBe(0);
  await row.getByRole('link', { name: /^release/ }).waitFor();
}

/** Nobody stumbles, and nothing has to be moved sideways, whatever it is read on. */
async function requireReadable(path: string, name: string, wait: (page: Page) => Promise<unknown>) {
  const { page, complaints } = await open(path);
  await wait(page);
  for (const [device, viewport, colorScheme] of looks) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await picture(page, `${name}-${device}-${colorScheme}`);
    expect(await isTooWide(page)).toBe(false);
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await barriersOf(page)).toEqual([]);
  }
  expect(complaints).toEqual([]);
  await page.context().close();
}

describe('the page of a lane', () => {
  it('says of one that was not used yet that it is open', async () => {
    const { page } = await open('/lanes/shop/production');
    await page.getByRole('heading', { name: 'This lane is open, and was not used yet.' }).waitFor();
    await page.getByText('Nothing was verified here yet.').waitFor();
    expect(await page.title()).toBe('shop → production · Slipway');
  });

  it('freezes it by a dialog that says what will happen, and the same as a command', async () => {
    const { page, complaints } = await open('/lanes/shop/production');
    await page.getByRole('button', { name: 'Freeze…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Freeze?' });
    await dialog.getByText('Nothing new begins; rollbacks pass.').waitFor();
    await dialog.getByLabel('Until').fill('2027-01-04T08:00');
    await dialog.getByLabel('Reason').fill("it's stock-taking");
    const command = `slipway freeze --service shop --environment production --until 2027-01-04T07:00Z --reason 'it'\\''s stock-taking'`;
    await dialog.getByText(command).waitFor();
    await picture(page, 'lane-freeze-asks');
    expect(await barriersOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Freeze', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page
      .getByRole('heading', { name: /^Nothing new begins until .*: “it's stock-taking”, lab-approver\.$/ })
      .waitFor();
    expect(complaints).toEqual([]);
    expect((await world.approver.lane(lane)).status?.closures).toMatchObject([{ kind: 'freeze', by: 'lab-approver' }]);
  });

  it('shows who waits behind a freeze, and why, until it is lifted: then they go on', async () => {
    first = await world.start(world.commits.good);
    await world.approve(first);
    await until('it to wait', async () => (await world.approver.release(first)).status?.stage === 'awaiting-lane');
    await requireReadable('/lanes/shop/production', 'lane-frozen', async (page) => {
      await page.getByRole('heading', { name: /^Nothing new begins until/ }).waitFor();
      await page.getByRole('region', { name: 'Queue' }).getByRole('link', { name: 'shop#' }).waitFor();
      await page.getByRole('region', { name: 'Who did what' }).getByText('froze it').waitFor();
    });
    const { page } = await open(`/runs/${first}`);
    await page.getByText("it's stock-taking").first().waitFor();
    await page.goto(`${world.engine.gatewayUrl}/lanes/shop/production`);
    await page.getByText(/^Then release [0-9a-f]{7} begins\.$/).waitFor();
    await order(page, { button: 'Unfreeze…', title: 'Unfreeze', reason: 'counted' });
    await world.untilEnded(first);
    expect((await world.approver.release(first)).outcome).toBe('verified');
    const verified = page.getByRole('region', { name: 'Verified here' }).getByText('verified', { exact: true });
    await verified.first().waitFor();
    await page.getByRole('heading', { name: 'This lane is open: a release begins as soon as it is ready.' }).waitFor();
    await picture(page, 'lane-open-desk-light');
  });

  it('says what a run has left behind, and to whoever may not clear it, why, before they try', async () => {
    second = await world.start(world.commits.failing);
    await world.approve(second);
    await until('it to be held', async () => (await world.approver.release(second)).status?.stage === 'held');
    await saysWhoHoldsIt();
    const decision = { decisionId: randomUUID(), kind: 'accept-failure', channel: 'test', reason: 'later' } as const;
    await world.approver.decide(second, decision);
    await world.untilEnded(second);
    await requireReadable('/lanes/shop/production', 'lane-held', async (page) => {
      await page.locator('h1').getByText('on hold').waitFor();
      await page.getByRole('region', { name: 'Verified here' }).getByText('may run').first().waitFor();
    });
    const { page } = await open('/lanes/shop/production', {}, 'visitor');
    await page.getByText('Not by you: visitor is not in the group approvers.').first().waitFor();
    for (const name of [/^Clear the hold/, /^Freeze/, /^Ignore a stray ticket/])
      expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
    await picture(page, 'lane-not-by-you');
  });
});

describe('the list of lanes', () => {
  it('has those first where nothing new begins, with why', async () => {
    await requireReadable('/lanes', 'lanes', async (page) => {
      const closed = page.getByRole('region', { name: 'Nothing new begins' });
      await closed.getByRole('link', { name: 'shop → production' }).waitFor();
      await closed.getByText('on hold').waitFor();
    });
  });
});

describe('the page of a lane on hold', () => {
  it('is cleared by somebody who may, and says so', async () => {
    const { page } = await open('/lanes/shop/production');
    await order(page, { button: 'Clear the hold…', title: 'Clear the hold', reason: 'looked at nl with Ann' });
    await page.getByRole('heading', { name: 'This lane is open' }).waitFor();
    await page.getByText('cleared a hold').waitFor();
    expect((await world.approver.lane(lane)).status?.closures).toEqual([]);
  });
});

describe('what was released', () => {
  it('is filtered by what stands in the address', async () => {
    await requireReadable('/releases', 'releases', async (page) => {
      await page.getByRole('row').filter({ hasText: 'halted' }).waitFor();
    });
    const { page } = await open('/releases');
    const rows = page.getByRole('row').filter({ has: page.getByRole('checkbox') });
    await rows.nth(1).waitFor();
    await page.getByLabel('Outcome').selectOption('verified');
    await rows.filter({ hasText: 'halted' }).waitFor({ state: 'detached' });
    await rows.filter({ hasText: 'verified' }).waitFor();
    expect(await rows.count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?outcome=verified');
    await page.reload();
    await rows.filter({ hasText: 'verified' }).waitFor();
    await page.getByLabel('Asked by').fill('nobody');
    await page.getByLabel('Asked by').press('Enter');
    await page.getByText('No release is like that').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await rows.nth(1).waitFor();
  });

  it('is compared, two runs of a service', async () => {
    const { page } = await open('/releases');
    await page.getByText('Choose two runs to compare.').waitFor();
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('link', { name: 'Compare' }).click();
    const address = new URL(page.url());
    expect([address.pathname, address.searchParams.get('a'), address.searchParams.get('b')]).toEqual([
      '/compare',
      first,
      second,
    ]);
    await page.getByRole('region', { name: 'Components' }).getByText('changed').first().waitFor();
    await requireReadable(`/compare${address.search}`, 'compare', async (shown) => {
      await shown.getByRole('region', { name: 'Components' }).getByRole('row').nth(1).waitFor();
      await shown.getByRole('region', { name: 'Commits between' }).getByText('Hold where it fails').waitFor();
      await shown.getByRole('region', { name: 'How long it took' }).waitFor();
      await shown
        .getByText(/Possible now|Not possible now/)
        .nth(1)
        .waitFor();
    });
  });

  it('is rolled back from there, by a dialog that says where each region goes', async () => {
    const { page } = await open(`/compare?a=${encodeURIComponent(first)}&b=${encodeURIComponent(second)}`);
    await page.getByRole('button', { name: 'Roll back shop#2…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Roll back shop#2?' });
    await dialog.getByRole('table').filter({ hasText: 'In nl' }).waitFor();
    await dialog.getByLabel('Reason').fill('no checkout in nl');
    await picture(page, 'compare-asks');
    await dialog.getByRole('button', { name: 'Roll back shop#2', exact: true }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'How it goes on' }).click();
    await page.locator('h1').getByText('rolled back').waitFor({ timeout: 180_000 });
    await page.goto(`${world.engine.gatewayUrl}/releases`);
    await page.getByText(/puts back shop#2.*: “no checkout in nl”/).waitFor();
    await picture(page, 'releases-with-rollback');
  });
});
