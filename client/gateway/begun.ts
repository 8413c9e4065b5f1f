import type { GatewayParts } from './calls.ts';
import { temporalAway } from '../temporal-away.ts';
import { Refused } from './errors.ts';

/**
 * Begins the run of what is on record. Nothing is done before it runs, so that this is never told as done: throws 503 that says what is stored,
 * and that the same, sent again, begins it once.
 */
export async function begun<Started>(
  { log }: GatewayParts,
  { what, run }: { what: string; run: string },
  begin: () => Promise<Started>,
): Promise<Started> {
  try {
    return await begin();
  } catch (error) {
    const away = temporalAway(error);
    if (away === undefined) log?.(error);
    const why = away ?? 'the log of the gateway says what went wrong';
    const words = `${what} is stored; whether ${run} has begun is not known: ${why}`;
    throw new Refused(503, 'unavailable', words, 'Send the same again: it is begun once, and answered with its run.');
  }
}
