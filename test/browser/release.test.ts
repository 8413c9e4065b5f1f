import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/world-until.ts';
import { barriersOf, desk, isTooWide, looks, phone, picture, tabTo, useBrowser } from './support/browser.ts';
import { opening } from './support/opening.ts';
import { startWorld } from './support/world.ts';
import type { World } from './support/world.ts';

/** What somebody reads, and does, on the page of a release, in a real browser, on real releases. */

const browser = useBrowser();
let world: World;
let held = '';

beforeAll(async () => {
  world = await startWorld();
  const first = await world.start(world.commits.good);
  await world.approve(first);
  await world.untilEnded(first);
  held = await world.start(world.commits.failing);
});
afterAll(() => world.stop());

const open = opening(browser, () => world);

describe('whoever is not known', () => {
  it('is asked to log in, comes back to where they were, and is forgotten when they log out', async () => {
    const { page, complaints } = await browser.page();
    world.login.as = 'lab-approver';
    await page.goto(`${world.engine.gatewayUrl}/runs/${held}`);
    await page.getByRole('heading', { name: 'Log in to see what runs where.' }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await picture(page, 'log-in');
    expect(complaints.filter((one) => !one.includes('401'))).toEqual([]);
    await page.getByRole('link', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: /shop → production/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/runs/${held}`);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in to see what runs where.' }).waitFor();
  });
});

describe('the page of a release that waits for approval', () => {
  it('says what it needs, what differs, and what is signed, and is approved by the keyboard alone', async () => {
    await until('it to wait', async () => (await world.approver.release(held)).status?.stage === 'awaiting-approval');
    const { page, complaints } = await open(`/runs/${held}`);
    await page.getByRole('heading', { name: 'It needs a yes.' }).waitFor();
    await page.getByText('computed here and equal').waitFor();
    await page.getByRole('region', { name: 'What differs' }).getByText('what is deployed already: hold').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await picture(page, 'approval-desk-light');
    await tabTo(page, 'Approve…');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Approve this plan?' });
    const images = dialog.getByRole('table', { name: /^Images of this plan/ });
    const row = images.getByRole('row', { name: /^storefront/ });
    await row.getByText('another image').waitFor();
    expect(await row.getByRole('button').last().getAttribute('title')).toMatch(/@sha256:[0-9a-f]{64} /);
    await page.setViewportSize(phone);
    expect(await isTooWide(page, 'document.querySelector("dialog")')).toBe(false);
    await picture(page, 'approval-asks-phone');
    await page.setViewportSize(desk);
    await picture(page, 'approval-asks');
    await tabTo(page, 'Approve this plan');
    await page.keyboard.press('Enter');
    // Nobody has to close what has become so.
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: /NL failed after/ }).waitFor({ timeout: 180_000 });
    const whole = page.getByRole('region', { name: 'All of the plan' });
    await whole.getByText(/^\d+ lines: /).click();
    for (const section of ['Components', 'Waves', 'Gates', 'Approval'])
      await whole.getByRole('rowheader', { name: section, exact: true }).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
    const { recorded } = await world.approver.release(held);
    expect(recorded?.decisions).toMatchObject([{ kind: 'approve', by: 'lab-approver', channel: 'dashboard' }]);
  });
});

describe('a page that loses the gateway, or its session', () => {
  beforeAll(() => until('it to be held', async () => (await world.approver.release(held)).status?.stage === 'held'));

  it('says since when it shows what it shows, and goes on by itself', async () => {
    const { page } = await open('/');
    await page.route('**/events', (route) => route.abort());
    await page.goto(`${world.engine.gatewayUrl}/runs/${held}`);
    await page.getByText(/Showing the state of .*, reconnecting/).waitFor();
    await page.getByText('The gateway is away: what is shown may be old').waitFor();
    await picture(page, 'lost');
    await page.unroute('**/events');
    await page.getByText(/Showing the state of/).waitFor({ state: 'detached' });
  });

  it('asks to log in once the session is over, wherever it was ended', async () => {
    const { page } = await open(`/runs/${held}`);
    await page.getByRole('heading', { name: /shop → production/ }).waitFor();
    const other = await page.context().newPage();
    await other.goto(world.engine.gatewayUrl);
    await other.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in to see what runs where.' }).waitFor({ timeout: 120_000 });
  });
});

describe('the page of a release that somebody may only look at', () => {
  it('says before they try what the policy has against it, and what each would do', async () => {
    const { page, complaints } = await open(`/runs/${held}`, {}, 'visitor');
    await page.getByText('Not by you: visitor is not in the group approvers.').waitFor();
    await page.getByText('schema allows').waitFor();
    for (const name of ['Roll back…', 'Accept failure…'])
      expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
    expect(await barriersOf(page)).toEqual([]);
    await picture(page, 'not-by-you');
    expect(complaints).toEqual([]);
  });
});

describe('the page of a release that is held', () => {
  it.each(looks)(
    'says why, who decides until when, and what may be done: %s, %s %s',
    async (name, viewport, colorScheme) => {
      const { page, complaints } = await open(`/runs/${held}`, { viewport, colorScheme });
      const words = '“storefront: region nl has no CHECKOUT_URL”. DE is verified.';
      await page.getByRole('heading', { name: new RegExp(`^NL failed after .*: ${words}`) }).waitFor();
      await page.getByRole('button', { name: 'Roll back…' }).waitFor();
      await page.getByText('schema allows').waitFor();
      expect(await barriersOf(page)).toEqual([]);
      expect(await isTooWide(page)).toBe(false);
      await picture(page, `held-${name}-${colorScheme}`);
      expect(complaints).toEqual([]);
    },
  );

  it('says once what it says, with times as times and commands to copy', async () => {
    const { page } = await open(`/runs/${held}`);
    const why = page.getByRole('region', { name: 'Why it failed' });
    await why.getByText('Held since').waitFor();
    expect(await why.textContent()).not.toMatch(/\d{4}-\d\d-\d\dT|`/);
    await why.getByText('for the command line').click();
    await why.getByRole('button', { name: 'Copy command' }).first().waitFor();
    for (const viewport of [desk, phone]) {
      await page.setViewportSize(viewport);
      expect(await isTooWide(page, 'document.querySelector(".whys")')).toBe(false);
      expect(await isTooWide(page, 'document.querySelector(".why-what > section")')).toBe(false);
      await picture(page, `commands-${viewport.width}`);
    }
    const where = page.getByRole('region', { name: 'What runs where' });
    await where.getByText('region nl has no CHECKOUT_URL').first().waitFor();
    expect(await where.getByText('region nl has no CHECKOUT_URL').count()).toBe(1);
    expect(await page.getByRole('region', { name: 'What happened' }).textContent()).not.toContain('\\n');
  });

  it('has its evidence, its decisions and its rows of the audit, each asked for when it is opened', async () => {
    const { page, complaints } = await open('/');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${world.engine.gatewayUrl}/runs/${held}`);
    const evidence = page.getByRole('region', { name: 'Evidence' });
    await evidence.getByText('migration of shop').click();
    expect(asked.some((path) => path.endsWith('/evidence/log') || path.endsWith('/audit/rows'))).toBe(false);
    await evidence.getByText('Log migration/shop').click();
    await evidence.getByLabel('Log migration/shop', { exact: true }).waitFor();
    const decided = page.getByRole('region', { name: 'Decisions and audit' });
    await decided.getByRole('row').filter({ hasText: 'lab-approver' }).filter({ hasText: 'dashboard' }).waitFor();
    await decided.getByText('Rows of the audit about this run').click();
    await decided.getByRole('listitem').filter({ hasText: 'approve, lab-approver' }).waitFor();
    await page.getByRole('region', { name: 'How long it takes' }).getByText('last time').first().waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await picture(page, 'held-evidence');
    await page.setViewportSize(phone);
    expect(await isTooWide(page)).toBe(false);
    await picture(page, 'held-evidence-phone');
    expect(complaints).toEqual([]);
  });

  it('keeps a question that no worker has answered, and says what comes next', async () => {
    const { page } = await open(`/runs/${held}`);
    const message = 'stored; it takes effect when a worker is back';
    const json = { decisionId: 'd', accepted: true, answer: 'queued', message };
    await page.route('**/decisions', (route) => route.fulfill({ json }));
    await page.getByRole('button', { name: 'Accept failure…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('nl can wait');
    const again = page.waitForRequest((request) => new URL(request.url()).pathname === '/v1/overview');
    await dialog.getByRole('button', { name: 'Accept the failure' }).click();
    await dialog.getByText('Nothing is to be sent again: the page shows it then.').waitFor();
    await again;
    expect(await barriersOf(page)).toEqual([]);
    await picture(page, 'queued');
    // Its button has the focus.
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Accept failure…' }).waitFor();
  });

  it('is rolled back by a click that asks first, and shows the end as it comes', async () => {
    // Somebody else is about to decide otherwise.
    const { page: other } = await open(`/runs/${held}`);
    await other.getByRole('button', { name: 'Accept failure…' }).click();
    const late = other.getByRole('dialog', { name: 'Accept the failure?' });
    const reason = late.getByLabel('Reason (required, kept in the audit)');
    expect(await reason.getAttribute('required')).not.toBeNull();
    await reason.fill('nl can wait');
    const { page } = await open(`/runs/${held}`);
    await page.getByRole('button', { name: 'Roll back…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Roll back DE and NL?' });
    await dialog.getByRole('table').filter({ hasText: 'In nl' }).waitFor();
    await dialog.getByLabel('Reason').fill('no checkout in nl');
    await dialog.getByRole('button', { name: 'Roll back DE and NL' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const told = late.getByRole('status').filter({ hasText: 'has ordered that it is rolled back meanwhile' });
    await told.getByText('Nobody is asked for this any more').waitFor();
    expect(await late.getByRole('button', { name: 'Accept the failure' }).isDisabled()).toBe(true);
    await picture(other, 'overtaken');
    await page.locator('h1').getByText('rolled back').waitFor({ timeout: 180_000 });
    await page.getByText('The lane is on hold.').waitFor();
    const table = page.getByRole('region', { name: 'What runs where' });
    await table.getByRole('columnheader', { name: 'Left running' }).waitFor();
    const [before, release, now] = await table
      .getByRole('row', { name: /^core/ })
      .first()
      .getByRole('button')
      .allTextContents();
    expect(now).toBe(before);
    expect(now).not.toBe(release);
    await picture(page, 'rolled-back-desk-light');
    expect((await world.approver.release(held)).outcome).toBe('rolled-back');
  });
});
