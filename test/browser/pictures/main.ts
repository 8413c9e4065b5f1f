import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { parseOwn, refused, runOwn } from '../../../lab/own-command.ts';
import type { Parsed } from '../../../lab/own-command.ts';
import { program } from '../support/program.ts';
import { fontsFor } from './fonts.ts';
import { fileOf, filesOf, moments, pictures, schemes, windows } from './list.ts';
import type { Picture, Window } from './list.ts';
import { readPng, writePng } from './png.ts';
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
  await mkdir(directory, { recursive: true });
  const place = await mkdtemp(join(tmpdir(), 'slipway-fonts-'));
  try {
    // Tests and pictures are made as root in containers, too, where Chromium's own sandbox cannot be.
    const env = { ...(process.env as Record<string, string>), ...(await fontsFor(place, say)) };
    const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'], env });
    try {
      await takeAll(browser, wanted, say);
    } finally {
      await browser.close();
    }
    return 0;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function takeAll(browser: Browser, wanted: readonly Picture[], say: (line: string) => void): Promise<void> {
  const last = moments.findLastIndex((moment) => wanted.some(({ at }) => at === moment));
  const world = await startPicturedWorld(say);
  try {
    for (const moment of moments.slice(0, last + 1)) {
      const run = await world.reach(moment);
      for (const picture of wanted.filter(({ at }) => at === moment)) {
        for (const window of picture.windows) {
          const page = await opened(browser, window);
          await page.goto(`${world.address}/auth/login?to=${encodeURIComponent(picture.path(run))}`);
          await page.getByRole('link', { name: picture.as }).click();
          await picture.ready(page);
          await shoot(page, (scheme) => fileOf({ name: picture.name, window, scheme }));
          await page.context().close();
        }
        say(`docs/pictures: ${filesOf(picture).join(', ')}`);
      }
    }
  } finally {
    await world.stop();
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
    const taken = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    await writeFile(path, writePng(readPng(taken)));
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
