import { afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { useDemo } from '../support/demo-runs.ts';
import { patience, until } from '../support/world-until.ts';
import { barriersOf, picture, useBrowser } from './support/browser.ts';

/** What a newcomer does: `npm run demo -- --keep`, its pages, the lab's own login, and a decision. */

const browser = useBrowser();
const { demo, directory } = useDemo();

type Demo = ReturnType<typeof follow>;

/** The demo as a program of its own, and what it has said by now. */
function follow(args: string[]) {
  const running = demo(args);
  let said = '';
  running.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const left = running.then(({ exitCode, stderr }) => ({ exitCode, stderr }));
  let isOver = false;
  void left.then(() => (isOver = true));
  return {
    /** Waits for it: what stands in its first group. */
    told: (pattern: RegExp) =>
      until(`it to say ${String(pattern)}`, async () => {
        const found = pattern.exec(said)?.[1];
        if (found === undefined && isOver)
          throw new Error(`the demo has ended; its last words:\n${said.slice(-3_000)}`);
        return found;
      }),
    async end() {
      if (!isOver) running.kill('SIGINT');
      return left;
    },
  };
}

let running: Demo | undefined;
afterEach(async () => {
  await running?.end();
});

/** What is waited for on it is the demo, which takes its time. */
async function opened() {
  const { page, complaints } = await browser.page();
  page.setDefaultTimeout(patience.event);
  return { page, complaints };
}

/** As the lab's page offers it. */
async function logIn(page: Page, as: string): Promise<void> {
  await page.getByRole('link', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await picture(page, 'lab-log-in');
  await page.getByRole('link', { name: as }).click();
}

async function approve(page: Page): Promise<void> {
  await page.getByRole('heading', { name: /^It needs a yes/ }).waitFor();
  await page.getByRole('button', { name: 'Approve…' }).click();
  await page.getByRole('button', { name: 'Approve this plan', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

describe('the demo that is kept', () => {
  it(
    'waits for a yes on the page of its release, whoever gives it there, and is verified in both regions',
    async () => {
      running = follow(['--keep']);
      const dashboard = await running.told(/Dashboard: (http:\S+)/);
      const address = await running.told(/It waits for your yes\.\s+On its page, as lab-approver:\s+(http:\S+)/);
      expect(address.startsWith(`${dashboard}/runs/release/shop/production/`)).toBe(true);
      const { page, complaints } = await opened();
      await page.goto(address);
      await logIn(page, 'lab-approver');
      await approve(page);
      await page.locator('h1').getByText('verified').waitFor();
      for (const region of ['DE', 'NL'])
        await page.getByRole('row', { name: new RegExp(`^${region} .*verified`) }).waitFor();
      await running.told(/(verified in both regions)/);
      expect(await running.told(/Its page: (http:\S+)/)).toBe(address);
      expect(complaints.filter((one) => !one.includes('401'))).toEqual([]);
      await page.close();
      expect(await running.end()).toMatchObject({ exitCode: 0 });
    },
    patience.preparation * 2,
  );

  it(
    'shows a release that failed in nl as held, and leaves it to a person how it goes on',
    async () => {
      running = follow(['--keep', '--fail', 'nl']);
      // Each within its time: what it falls back on goes first.
      await running.told(/(Dashboard: http)/);
      await running.told(/(✔ verified)/);
      const { page } = await opened();
      await page.goto(await running.told(/It waits for your yes\.\s+On its page, as lab-approver:\s+(http:\S+)/));
      await logIn(page, 'lab-approver');
      await approve(page);
      await page
        .getByRole('heading', { name: /^NL failed after .*region nl has no CHECKOUT_URL.* DE is verified/ })
        .waitFor();
      const address = await running.told(
        /It is held: somebody decides how it goes on\.\s+On its page, as lab-approver:\s+(http:\S+)/,
      );
      expect(address).toBe(page.url());
      expect(await running.told(/(npm run slipway -- rollback shop#2 --gateway \S+ --token-file \S+)/)).toContain(
        directory(),
      );
      await page.getByRole('button', { name: 'Roll back…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Roll back DE and NL?' });
      await dialog.getByLabel('Reason').fill('nl has no settings for it');
      await dialog.getByRole('button', { name: 'Roll back DE and NL' }).click();
      await running.told(/(ended as somebody decided: rolled-back)/);
      expect(await running.end()).toMatchObject({ exitCode: 0 });
    },
    patience.preparation * 2,
  );
});
