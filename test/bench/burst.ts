import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Came } from './burst-client.ts';
import { endChild, startChild } from './processes.ts';
import type { BenchWorld } from './world.ts';

/** 10,000 questions at once, from one address with one token. */
export interface BurstFigures {
  requests: number;
  /** By status; `0` for a connection that was cut off. */
  statuses: Record<string, number>;
  ms: number;
  /** Somebody else's questions meanwhile, ms: the slowest of those that were answered, and how many were not. */
  meanwhile: { answered: number; refused: number; slowestMs: number };
  /** Somebody else's first question after it, ms. */
  afterMs: number;
}

const burst = { path: '/v1/releases?limit=1', requests: 10_000, connections: 100 };

/** From a process of its own, so that what sends and what answers share no thread. */
export async function measureBurst(world: BenchWorld, progress: (line: string) => void): Promise<BurstFigures> {
  const { engine, approver, directory } = world;
  const child = await startChild('./burst-client.ts', {}, join(directory, 'burst.log'));
  try {
    child.send({ ...burst, url: engine.gatewayUrl, token: engine.tokens.requester });
    const over = once(child, 'message').then(([came]) => came as Came);
    const meanwhile = await askUntil(over, () => approver.list({ limit: 1 }));
    const { statuses, ms } = await over;
    const afterMs = await timed(() => approver.list({ limit: 1 }));
    progress(`${burst.requests} questions in ${Math.round(ms)} ms, then one in ${Math.round(afterMs)} ms`);
    return { requests: burst.requests, statuses, ms, meanwhile, afterMs };
  } finally {
    await endChild(child);
  }
}

async function askUntil(over: Promise<unknown>, ask: () => Promise<unknown>): Promise<BurstFigures['meanwhile']> {
  const seen = { answered: 0, refused: 0, slowestMs: 0 };
  let goesOn = true;
  over.then(
    () => (goesOn = false),
    () => (goesOn = false),
  );
  while (goesOn) {
    const ms = await timed(ask).catch(() => undefined);
    if (ms === undefined) seen.refused += 1;
    else Object.assign(seen, { answered: seen.answered + 1, slowestMs: Math.max(seen.slowestMs, ms) });
    await sleep(20);
  }
  return seen;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
