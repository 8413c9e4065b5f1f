import { join } from 'node:path';
import { createEngine } from '../../client/engine.ts';
import { shop } from '../../lab/shop/pipeline-file.ts';
import { freePort } from '../../lab/services/starting.ts';
import { superviseWorkers } from '../../lab/supervisor.ts';
import { collectedRss, settledRss } from './processes.ts';
import { openRelease } from './runs.ts';
import type { BenchWorld } from './world.ts';

export interface Waiting {
  releases: number;
  /** After a forced collection: what is needed. */
  rssBytes: number;
  /** As it was a few seconds after the last one had begun to wait, with what was not collected yet. */
  uncollectedBytes: number;
}

export interface WaitingSeries {
  idleBytes: number;
  /** With the shipped bound on cached workflows. */
  waiting: Waiting[];
  /** Each cached release's share, with a bound above all of them. */
  bytesPerCached: number;
}

/** At once: more would only queue for the two or four cores there are. */
const together = 12;

/** Memory of a fresh worker while ever more releases wait for approval. */
export async function measureWaiting(
  world: BenchWorld,
  counts: number[],
  progress: (line: string) => void,
): Promise<WaitingSeries> {
  await world.engine.supervisor.stop();
  // No Job per release: what waits is the same.
  await world.changePolicy({ planMigrationsBeforeApproval: false });
  const ids: string[] = [];
  const shipped = await startWorker(world, {});
  const waiting: Waiting[] = [];
  const idleBytes = await collectedRss(shipped.pid());
  for (const releases of counts) {
    await startUntil(world, ids, releases, progress);
    const uncollectedBytes = await settledRss(shipped.pid());
    const rssBytes = await collectedRss(shipped.pid());
    waiting.push({ releases, rssBytes, uncollectedBytes });
    progress(`${releases} waiting: ${megabytes(rssBytes)} MB, ${megabytes(uncollectedBytes)} MB before a collection`);
  }
  await shipped.stop();
  return { idleBytes, waiting, bytesPerCached: await measureCached(world, ids, progress) };
}

/** The slope between a tenth of the releases in a worker's cache and all of them. Asking a run for its status brings it there. */
async function measureCached(world: BenchWorld, ids: string[], progress: (line: string) => void): Promise<number> {
  const worker = await startWorker(world, { SLIPWAY_MAX_CACHED_WORKFLOWS: String(ids.length * 2) });
  try {
    const few = Math.ceil(ids.length / 10);
    await askAll(world, ids.slice(0, few));
    const before = await collectedRss(worker.pid());
    await askAll(world, ids.slice(few));
    const after = await collectedRss(worker.pid());
    progress(`${few} cached: ${megabytes(before)} MB, ${ids.length} cached: ${megabytes(after)} MB`);
    return (after - before) / Math.max(1, ids.length - few);
  } finally {
    await worker.stop();
  }
}

const collector = new URL('./collect.mjs', import.meta.url).href;
const nodeOptions = `${process.env['NODE_OPTIONS'] ?? ''} --expose-gc --import ${collector}`;

async function startWorker({ engine, directory }: BenchWorld, more: Record<string, string>) {
  return superviseWorkers({
    roles: `engine,build,environment:${shop.environment}`,
    environment: { ...engine.environment, SLIPWAY_MAKE_CURRENT: 'true', NODE_OPTIONS: nodeOptions, ...more },
    logFile: join(directory, 'worker.log'),
    health: await freePort(),
    progress: () => undefined,
  });
}

/** Starts releases until so many wait for approval; their ids are added. */
export async function startUntil(
  world: BenchWorld,
  ids: string[],
  wanted: number,
  progress: (line: string) => void,
): Promise<void> {
  const engine = createEngine({ client: world.client });
  await inParallel(together, wanted - ids.length, async () => {
    const { request, releaseId } = await openRelease(world, world.images.sets[0]);
    const announced = world.notices.planOf(releaseId);
    await engine.startRelease(request);
    await announced;
    ids.push(releaseId);
    if (ids.length % 100 === 0) progress(`${ids.length} releases wait`);
  });
}

async function askAll({ client }: BenchWorld, ids: string[]): Promise<void> {
  const left = [...ids];
  await inParallel(together, left.length, async () => {
    await client.workflow.getHandle(left.pop() ?? '').query('status');
  });
}

async function inParallel(lines: number, times: number, work: () => Promise<void>): Promise<void> {
  let left = times;
  const line = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: lines }, line));
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
