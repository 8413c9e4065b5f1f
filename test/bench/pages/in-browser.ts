import { chromium } from 'playwright-core';
import type { World } from '../../browser/support/world.ts';
import { program } from '../../browser/support/program.ts';

/** What opening a page costs that nobody has opened before in this browser. */
export interface FirstLoad {
  /** Over the network, compressed: the page, its script and its style, and whatever else it asks the gateway for. */
  scriptBytes: number;
  allBytes: number;
  /** From the address to the sentence that answers the page, ms. */
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
  await page.goto(address, { waitUntil: 'commit' });
  await page.getByRole('heading', { name: heading }).waitFor();
  const shownMs = await page.evaluate<number>('performance.now()');
  const all = await Promise.all(sizes);
  const sum = (some: typeof all) => some.reduce((total, { bytes }) => total + bytes, 0);
  return { scriptBytes: sum(all.filter(({ isScript }) => isScript)), allBytes: sum(all), shownMs };
}
