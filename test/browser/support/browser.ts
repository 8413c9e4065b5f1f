import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { program } from './program.ts';

/** For people to look at. */
const pictures = join(import.meta.dirname, '../../../.slipway/pictures');

export const desk = { width: 1440, height: 900 };
export const tablet = { width: 1024, height: 768 };
export const phone = { width: 390, height: 844 };

/** On what a page is looked at: how that is called, how large it is, and which colours somebody has chosen. */
export const looks = [
  ['desk', desk, 'light'],
  ['desk', desk, 'dark'],
  ['tablet', tablet, 'light'],
  ['phone', phone, 'light'],
  ['phone', phone, 'dark'],
] as const;

/** One browser for a test file; each page has a context of its own, as another person's window. */
export function useBrowser() {
  let browser: Browser;
  beforeAll(async () => {
    // Tests run as root in containers, where Chromium's own sandbox cannot be.
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());
  return {
    /** With what the browser complained about, which is nothing where all is well. */
    async page(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
      const context = await browser.newContext({
        viewport: desk,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        ...options,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      return { page, complaints };
    },
  };
}

/** What a reader with a screen reader, or without colours, would stumble over: serious and critical alone. */
export async function barriersOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** Whether somebody has to move it, or that part of it, sideways to read it. */
export function isTooWide(page: Page, part = 'document.documentElement'): Promise<boolean> {
  return page.evaluate<boolean>(`${part}.scrollWidth > ${part}.clientWidth`);
}

/** Goes on with the Tab key until that button has the focus. */
export async function tabTo(page: Page, button: string): Promise<void> {
  while ((await page.evaluate<string | null>('document.activeElement.textContent')) !== button)
    await page.keyboard.press('Tab');
}

export async function picture(page: Page, name: string): Promise<void> {
  const path = join(pictures, `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage: true });
}
