import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { parseOwn, refused, runOwn } from '../../../lab/own-command.ts';
import type { Parsed } from '../../../lab/own-command.ts';
import { program } from '../support/program.ts';
import { fileOf, filesOf, moments, pictures, schemes, windows } from './list.ts';
import type { Window } from './list.ts';
import { startPicturedWorld } from './world.ts';

/** `npm run pictures`: what the documents show of the dashboard, taken anew from a real release in the lab. */

const directory = join(import.meta.dirname, '../../../docs/pictures');
const names = pictures.map(({ name }) => name);

interface Options {
  /** Absent: all. */
  only: string[];
}

function describe(command: Command): Command {
  return command
    .description('Takes the pictures of the dashboard that the documents show, into docs/pictures.')
    .argument('[name...]', `of these alone: ${names.join(', ')}`)
    .addHelpText('after', '\nExamples:\n  npm run pictures\n  npm run pictures -- release-held');
}

function read(command: Command): Parsed<Options> {
  const unknown = command.args.find((name) => !names.includes(name));
  if (unknown !== undefined) return refused('pictures', `there is no picture ${unknown}`);
  return { kind: 'run', options: { only: command.args } };
}

async function take({ only }: Options): Promise<number> {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const wanted = pictures.filter(({ name }) => only.length === 0 || only.includes(name));
  const last = moments.findLastIndex((moment) => wanted.some(({ at }) => at === moment));
  await mkdir(directory, { recursive: true });
  // Tests and pictures are made as root in containers, too, where Chromium's own sandbox cannot be.
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  try {
    const world = await startPicturedWorld(say);
    try {
      for (const moment of moments.slice(0, last + 1)) {
        const run = await world.reach(moment);
        for (const picture of wanted.filter(({ at }) => at === moment)) {
          const pages = picture.windows.map((window) => opened(browser, window));
          for (const [at, window] of picture.windows.entries()) {
            const page = await pages[at]!;
            await page.goto(`${world.address}/auth/login?to=${encodeURIComponent(picture.path(run))}`);
            await page.getByRole('link', { name: picture.as }).click();
            await picture.ready(page);
            await shoot(page, (scheme) => fileOf({ ...picture, window, scheme }));
            await page.context().close();
          }
          say(`docs/pictures: ${filesOf(picture).join(', ')}`);
        }
      }
      return 0;
    } finally {
      await world.stop();
    }
  } finally {
    await browser.close();
  }
}

/** The same on each machine that has the same fonts, but for what the world itself has: commits, digests and times. */
async function opened(browser: Browser, window: Window): Promise<Page> {
  const { width, height, scale } = windows[window];
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...(window === 'phone' && { hasTouch: true, isMobile: true }),
  });
  return context.newPage();
}

async function shoot(page: Page, nameOf: (scheme: string) => string): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    const path = join(directory, nameOf(colorScheme));
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  }
}

const parsed = parseOwn({ name: 'pictures', describe, read }, process.argv.slice(2), process.stdout.columns || 100);
runOwn(parsed, take).then(
  // Native handles may keep the process alive after everything has stopped.
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
