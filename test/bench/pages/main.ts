import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWorld } from '../../browser/support/world.ts';
import type { World } from '../../browser/support/world.ts';
import { endChild, startChild } from '../processes.ts';
import { quantile } from '../statistics.ts';
import { measureFiltering, measureFirstLoads, sessionsOf } from './in-browser.ts';
import type { OpenPages, Seen } from './open-pages.ts';

/** What pages cost: the first load in a browser, and the gateway while many are open. It runs in this process, and the pages in another. */

const pages = 50;
const measuredMs = 30_000;
const say = (line: string) => void process.stdout.write(`${line}\n`);
const told = (line: string) => void process.stderr.write(`        ${line}\n`);

async function measure(world: World): Promise<void> {
  const { good, failing } = world.commits;
  const first = await world.start(good);
  await world.approve(first);
  await world.untilEnded(first);
  const waiting = await world.start(failing);
  const loads = await measureFirstLoads(world, {
    path: `/runs/${waiting}`,
    heading: /needs a yes/,
    times: 5,
  });
  const kB = (bytes: number) => `${(bytes / 1_000).toFixed(0)} kB`;
  const { scriptBytes, allBytes } = loads[0]!;
  say(`first load: ${kB(scriptBytes)} of script, ${kB(allBytes)} in all`);
  const shown = loads.map(({ shownMs }) => shownMs);
  say(
    `from the address to the sentence: median ${Math.round(quantile(shown, 0.5))} ms, slowest ${Math.round(Math.max(...shown))} ms`,
  );

  for (const { chip, shownMs } of await measureFiltering(world))
    say(`an overview of 200 services, filtered by "${chip}": shown after ${shownMs} ms`);

  const cookies = await sessionsOf(world, ['lab-approver', 'lab-developer', 'visitor']);
  const open: OpenPages = { url: world.engine.gatewayUrl, cookies, pages, runs: [waiting] };
  say(`gateway with no page open: ${await shareOf()}`);
  const following = await openPages(world, open);
  say(`gateway with ${pages} pages of a run that waits: ${await shareOf()}`);
  await world.approve(waiting);
  await world.untilHeld(waiting);
  const seen = await following.close();
  for (const { stage, beganAt, seenAt } of seen.filter(({ beganAt }) => beganAt > following.openedAt))
    say(`${stage} was on the page ${seenAt - beganAt} ms after it began`);
  say(`gateway with no page open, and a run held: ${await shareOf()}`);
  const looking = await openPages(world, { ...open, runs: [] });
  say(`gateway with ${pages} pages of what runs where: ${await shareOf()}`);
  await looking.close();
}

/** Of one core, that this process takes, in percent. */
async function shareOf(): Promise<string> {
  // What was begun is under way, and what was asked for is answered.
  await sleep(5_000);
  const before = process.cpuUsage();
  await sleep(measuredMs);
  const { user, system } = process.cpuUsage(before);
  return `${(((user + system) / 1_000 / measuredMs) * 100).toFixed(1)} % of a core`;
}

async function openPages(world: World, open: OpenPages) {
  const child = await startChild('./pages/open-pages.ts', {}, join(world.directory, 'open-pages.log'));
  child.send(open);
  const openedAt = Date.now();
  const answer = once(child, 'message') as Promise<[Seen[] | string]>;
  return {
    openedAt,
    async close(): Promise<Seen[]> {
      child.send('close');
      const [seen] = await answer;
      await endChild(child);
      if (typeof seen === 'string') throw new Error(`pages that were open: ${seen}`);
      return seen;
    },
  };
}

const world = await startWorld(told);
try {
  await measure(world);
} finally {
  await world.stop();
}
