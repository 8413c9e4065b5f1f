import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/world-until.ts';
import { barriersOf, isTooWide, phone, picture, tablet, useBrowser } from './support/browser.ts';
import { opening } from './support/opening.ts';
import { startWorld } from './support/world.ts';
import type { World } from './support/world.ts';

/** What all pages have: keys, a search, a theme, what they say when the gateway is away; and an approval from a phone. */

const browser = useBrowser();
let world: World;
let waiting = '';

beforeAll(async () => {
  world = await startWorld();
  waiting = await world.start(world.commits.good);
  await until('it to wait', async () => (await world.approver.release(waiting)).status?.stage === 'awaiting-approval');
});
afterAll(() => world.stop());

const logIn = opening(browser, () => world);

async function open(path: string, options: Parameters<typeof logIn>[1] = {}) {
  const opened = await logIn(path, options);
  await opened.page.getByRole('button', { name: 'Log out' }).waitFor();
  return opened;
}

const pathOf = (address: string) => new URL(address).pathname;

describe('keys', () => {
  it('are listed by ?, and the list closes by Escape', async () => {
    const { page } = await open('/');
    await page.keyboard.press('?');
    const list = page.getByRole('dialog', { name: 'Keyboard' });
    await list.getByText('Approve (asks)').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await picture(page, 'keys');
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
  });

  it('go through the rows of a page, open one, and go from it to its lane', async () => {
    const { page } = await open('/');
    await page.getByRole('region', { name: 'Waits for you' }).getByText('shop → production').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'It needs a yes.' }).waitFor();
    expect(pathOf(page.url())).toBe(`/runs/${waiting}`);
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    // The address is another one before the page is: both have that heading.
    await until('the page of the lane', async () => (await page.title()) === 'shop → production · Slipway');
    expect(pathOf(page.url())).toBe('/lanes/shop/production');
  });

  it('ask what their buttons ask, and do nothing while somebody writes', async () => {
    const { page } = await open(`/runs/${waiting}`);
    await page.getByText('computed here and equal').waitFor();
    await page.getByRole('button', { name: 'Approve…' }).and(page.locator(':enabled')).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('a?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await page.getByRole('dialog', { name: 'Approve this plan?' }).waitFor();
  });
});

describe('the search', () => {
  it('leads to a lane, and to what was released of a commit', async () => {
    const { page } = await open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('shop → production');
    await page.keyboard.press('Enter');
    await until('the lane', async () => pathOf(page.url()) === '/lanes/shop/production');
    await page.keyboard.press('/');
    await page.keyboard.type(world.commits.good.slice(0, 8));
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'shop#1' }).first().waitFor();
    expect(new URL(page.url()).search).toBe(`?commit=${world.commits.good.slice(0, 8)}`);
  });
});

describe('the theme', () => {
  it('is what somebody has chosen, also when they come back', async () => {
    const { page } = await open('/', { colorScheme: 'light' });
    const theme = () => page.evaluate<string | undefined>('document.documentElement.dataset.theme');
    expect(await theme()).toBeUndefined();
    await page.getByRole('button', { name: 'Theme: as the system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    expect(await theme()).toBe('dark');
    expect(await barriersOf(page)).toEqual([]);
  });
});

describe('a gateway that does not answer', () => {
  it('is said to be away, and what is shown to be of before; then it goes on by itself', async () => {
    const { page } = await open('/');
    await page.getByRole('region', { name: 'What runs where' }).waitFor();
    await page.route('**/v1/**', (route) => route.abort());
    await page.getByText(/^Away since/).waitFor();
    await page.getByText(/Showing the state of .*, reconnecting/).waitFor();
    await picture(page, 'away');
    await page.unroute('**/v1/**');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText(/Showing the state of/).waitFor({ state: 'detached' });
  });
});

describe('what stands above every page', () => {
  it('breaks no word, however narrow that is', async () => {
    const { page } = await open('/lanes');
    const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
    for (const width of [1440, 1160, tablet.width, 900, phone.width]) {
      await page.setViewportSize({ width, height: 800 });
      const boxes = await Promise.all((await links.all()).map((link) => link.boundingBox()));
      expect(new Set(boxes.map((box) => box?.height)).size).toBe(1);
      expect(boxes[0]!.height).toBeLessThan(48);
      expect(await isTooWide(page)).toBe(false);
    }
  });
});

describe('a phone', () => {
  it('is enough to approve: the decision is under the thumb', async () => {
    const { page, complaints } = await open(`/runs/${waiting}`, { viewport: phone, hasTouch: true });
    await page.getByText('computed here and equal').waitFor();
    const approve = page.getByRole('button', { name: 'Approve…' });
    await approve.and(page.locator(':enabled')).waitFor();
    const box = await approve.boundingBox();
    expect(box && box.y + box.height <= phone.height && box.height >= 40).toBe(true);
    expect(await isTooWide(page)).toBe(false);
    expect(await barriersOf(page)).toEqual([]);
    await picture(page, 'approval-phone');
    await approve.tap();
    const dialog = page.getByRole('dialog', { name: 'Approve this plan?' });
    await dialog.getByRole('button', { name: 'Approve this plan' }).tap();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await world.untilEnded(waiting);
    expect((await world.approver.release(waiting)).outcome).toBe('verified');
    expect(complaints).toEqual([]);
  });
});
