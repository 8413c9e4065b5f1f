import { setTimeout as wait } from 'node:timers/promises';

interface Trying {
  /** Ends the tries, and the one that goes on. */
  signal: AbortSignal;
  /** Why it has not worked yet: once, since it goes on for as long as it takes. */
  tell(error: unknown): void;
  pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const firstMs = 1_000;
const longestMs = 60_000;

/** Until it has worked, or is stopped: whatever keeps it from that may end at any time, and nobody would begin it again. Never rejects. */
export async function keepTrying(work: () => Promise<void>, { signal, tell, pause = pauseFor }: Trying): Promise<void> {
  for (let ms = firstMs, told = false; !signal.aborted; ms = Math.min(longestMs, 2 * ms)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) return;
      if (!told) tell(error);
      told = true;
      await pause(ms, signal);
    }
  }
}

/** A signal ends it early, which is no failure. */
async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}
