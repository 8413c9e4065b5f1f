import { cancellationSignal, heartbeat, sleep } from '@temporalio/activity';
import type { Progress } from './progress.ts';
import { seldom } from './seldom.ts';
import { sayAlive } from './remembering.ts';
import { head } from '../../domain/whole-text.ts';

/** What the running activity has to say, as heartbeats: seen in the Temporal UI as pending activity details. */
function activityProgress(): Progress {
  return { report: (line) => heartbeat(head(line, 500)), signal: cancellationSignal() };
}

const beatMs = 4_000;

/** Runs work that has no poll loop of its own, saying every few seconds that it lives. The beat stops with the work. */
export async function beating<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = activityProgress();
  let last = 'working';
  const told = seldom(sayAlive);
  const timer = setInterval(() => sayAlive(last), beatMs);
  try {
    return await work({
      ...progress,
      report: (line) => {
        last = head(line, 500);
        told.say(last);
      },
    });
  } finally {
    told.end();
    clearInterval(timer);
  }
}

/** Looks again and again until `look` has an answer. Heartbeats with each look; stops at once when the activity is cancelled. */
export async function poll<T>(
  look: () => Promise<{ done: T } | { doing: string }>,
  delays: { firstMs: number; longestMs: number },
): Promise<T> {
  let delay = delays.firstMs;
  for (;;) {
    const seen = await look();
    if ('done' in seen) return seen.done;
    sayAlive(seen.doing);
    await sleep(delay);
    delay = Math.min(delay * 1.25, delays.longestMs);
  }
}

/**
 * Waits, saying every few seconds that it lives and what for. Ends at once when the activity is cancelled. It is said once, and heard that it is
 * cancelled, also where there is nothing left to wait for: each look may take longer than the time between two of them.
 */
export async function pause(ms: number, doing: string): Promise<void> {
  let left = Math.max(0, ms);
  do {
    sayAlive(doing);
    await sleep(Math.min(left, beatMs));
    left -= beatMs;
  } while (left > 0);
}
