import { chromium } from 'playwright-core';
import type { World } from '../../browser/support/world.ts';
import { manyServices } from '../../browser/support/many-services.ts';
import { program } from '../../browser/support/program.ts';

/** What opening a page costs that nobody has opened before in this browser. */
export interface FirstLoad {
  /** Over the network, compressed: the page, its script and its style, and whatever else it asks the gateway for. */
  scriptBytes: number;
  allBytes: number;
  /** From the address until the sentence that answers the page is drawn, ms. */
  shownMs: number;
}

type Browser = Awaited<ReturnType<typeof chromium.launch>>;

/** As somebody who has logged in; each time with nothing kept but their session. */
export function measureFirstLoads(
  world: World,
  { path, heading, times }: { path: string; heading: RegExp; times: number },
): Promise<FirstLoad[]> {
  return inChromium(async (browser) => {
    const storageState = await logIn(browser, world, 'lab-approver');
    const loads: FirstLoad[] = [];
    for (let i = 0; i < times; i += 1) {
      const own = await browser.newContext({ storageState });
      loads.push(await firstLoad(await own.newPage(), `${world.engine.gatewayUrl}${path}`, heading));
      await own.close();
    }
    return loads;
  });
}

/** From the click on a chip of an overview of 200 services until the frame after its rows were drawn, ms, by chip. */
export function measureFiltering(world: World): Promise<{ chip: string; shownMs: number }[]> {
  return inChromium(async (browser) => {
    const context = await browser.newContext({ storageState: await logIn(browser, world, 'lab-approver') });
    const page = await context.newPage();
    const json = manyServices(Date.now());
    await page.route('**/v1/overview', (route) => route.fulfill({ json }));
    await page.goto(world.engine.gatewayUrl);
    await page
      .getByRole('row', { name: /service-0/ })
      .first()
      .waitFor();
    const measured: { chip: string; shownMs: number }[] = [];
    for (const chip of ['held', 'All', 'behind', 'All'])
      measured.push({ chip, shownMs: await page.evaluate<number>(filtering(chip)) });
    return measured;
  });
}

const filtering = (chip: string) => `new Promise((resolve) => {
  const rows = () => [...document.querySelectorAll('.matrix tbody th')].map((one) => one.textContent).join();
  const pressed = [...document.querySelectorAll('.chip')].find((one) => one.textContent.trim().startsWith('${chip}'));
  const [from, before] = [performance.now(), rows()];
  pressed.click();
  const look = () => {
    if (rows() === before && performance.now() - from < 5000) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => resolve(Math.round(performance.now() - from)), 0));
  };
  look();
})`;

/** The page itself says when: whoever asks it again and again takes the time of what they measure. */
const whenShown = (heading: RegExp) => `window.shown = new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error('nothing says ${heading.source} within 30 s')), 30_000);
  const observer = new MutationObserver(() => {
    if (![...document.querySelectorAll('h1, h2')].some((one) => ${heading}.test(one.textContent))) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0));
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
})`;

/** What the browsers of these people send with each question. */
export function sessionsOf(world: World, people: readonly string[]): Promise<string[]> {
  return inChromium(async (browser) => {
    const sessions: string[] = [];
    for (const person of people) {
      const { cookies } = await logIn(browser, world, person);
      sessions.push(cookies.map(({ name, value }) => `${name}=${value}`).join('; '));
    }
    return sessions;
  });
}

async function inChromium<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

async function logIn(browser: Browser, { engine, login }: World, person: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  login.as = person;
  await page.goto(`${engine.gatewayUrl}/auth/login?to=/`);
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

type Page = Awaited<ReturnType<Browser['newPage']>>;

async function firstLoad(page: Page, address: string, heading: RegExp): Promise<FirstLoad> {
  const sizes: Promise<{ isScript: boolean; bytes: number }>[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().endsWith('/events')) return;
    const isScript = request.resourceType() === 'script';
    sizes.push(request.sizes().then(({ responseBodySize }) => ({ isScript, bytes: responseBodySize })));
  });
  await page.addInitScript(whenShown(heading));
  await page.goto(address, { waitUntil: 'commit' });
  const shownMs = await page.evaluate<number>('window.shown');
  const all = await Promise.all(sizes);
  const sum = (some: typeof all) => some.reduce((total, { bytes }) => total + bytes, 0);
  return { scriptBytes: sum(all.filter(({ isScript }) => isScript)), allBytes: sum(all), shownMs };
}
