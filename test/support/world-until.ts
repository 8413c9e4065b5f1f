import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/**
 * Limits of tests, in one place. They are there so that what hangs is told by name, and are no budgets: nothing may take this long, and on a
 * machine with other work anything may take ten times what it takes on an idle one. Each is shorter than the one around it.
 */
export const patience = {
  /** For one event. A step whose worker died is repeated after a minute. */
  event: 3 * 60_000,
  /** For what a test file needs before its first test: worlds, releases. */
  preparation: 15 * 60_000,
};

/** Asks until there is an answer; throws what it waited for, and what was there instead, when there is none. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  instead: () => unknown = () => undefined,
): Promise<T> {
  for (const deadline = Date.now() + patience.event; ;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) {
      const found: unknown = await instead();
      const there = found === undefined ? '' : `, and there is ${inspect(found, { depth: 6 })}`;
      throw new Error(`waited ${patience.event / 60_000} minutes for ${what}${there}`);
    }
    await pause(40);
  }
}
