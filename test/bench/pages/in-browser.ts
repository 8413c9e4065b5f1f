import { chromium } from 'playwright-core';
import type { World } from '../../browser/support/world.ts';
import { program } from '../../browser/suppor./program.ts';

/** What opening a page costs that nobody has opened before in this browser. */
export interface FirstLoad {
  /** Over the network, compressed: the page, its script and its style, and whatever else it asks the gateway for. */
  scriptBytes: number;
  allBytes: number;
  /** From the address to the sentence that answers the page, ms. */
  shownMs: number;
}

/** As somebody who has logged in; each time with nothing kept but their session. */
export async function measureFirstLoads(
  world: World,
  { path, heading, times }: { path: string; heading: RegExp; times: number },
): Promise<{ loads: FirstLoad[]; cookie: string }> {
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${world.engine.gatewayUrl}/auth/login?to=/`);
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    const storageState = await context.storageState();
    const loads: FirstLoad[] = [];
    for (let i = 0; i < times; i += 1) {
      const own = await browser.newContext({ storageState });
      loads.push(await firstLoad(await own.newPage(), `${world.engine.gatewayUrl}${path}`, heading));
      await own.close();
    }
    const cookie = storageState.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    return { loads, cookie };
  } finally {
    await browser.close();
  }
}

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof chromium.launch>>['newPage']>>;

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
