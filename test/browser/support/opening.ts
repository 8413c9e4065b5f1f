import type { BrowserContextOptions, Page } from 'playwright-core';
import type { useBrowser } from './browser.ts';
import type { World } from './world.ts';

type Opened = Promise<{ page: Page; complaints: string[] }>;

/** A page as somebody who logs in for it. `world`: asked for when a page is opened, by when it is there. */
export function opening(browser: ReturnType<typeof useBrowser>, world: () => Pick<World, 'engine' | 'login'>) {
  return async (path = '/', options: BrowserContextOptions = {}, as = 'lab-approver'): Opened => {
    const { page, complaints } = await browser.page(options);
    const { engine, login } = world();
    login.as = as;
    await page.goto(`${engine.gatewayUrl}/auth/login?to=${encodeURIComponent(path)}`);
    return { page, complaints };
  };
}
