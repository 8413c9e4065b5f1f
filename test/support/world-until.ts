import { setTimeout as pause } from 'node:timers/promises';

/** Asks until there is an answer; throws what it waited for when there is none in time: long, because a step whose worker died is repeated after a minute. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  patienceMs = 150_000,
): Promise<T> {
  for (const deadline = Date.now() + patienceMs; ;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`waited ${patienceMs} ms for ${what}`);
    await pause(40);
  }
}
