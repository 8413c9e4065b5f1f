import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { Watching } from './watching.ts';

/** Whoever has lost their connection is back by then, ms, and has missed nothing. */
const usualLingerMs = 10_000;
/** So many runs are looked at that nobody watches any more. */
export const mostLingering = 20;

export interface Watchings {
  of(releaseId: string): Watching;
  /** It may have changed: whoever watches that run need not wait for the next look. */
  soon(releaseId: string): void;
  /** Ends all of them; resolves when no look is under way any more. */
  close(): Promise<void>;
}

interface Parts {
  look: (releaseId: string) => Promise<ReleaseView>;
  log: (error: unknown) => void;
  lingerMs?: number;
}

/** One look at a time at each run, however many watch it: from the first of them until it has ended, or the last has been gone for a while. */
export function createWatchings({ look, log, lingerMs = usualLingerMs }: Parts): Watchings {
  const watched = new Map<string, Watching>();
  const lingering = new Map<string, NodeJS.Timeout>();
  const stopping = new Set<Promise<void>>();
  let isClosed = false;

  const end = (releaseId: string) => {
    const stopped = watched.get(releaseId)?.stop();
    if (!stopped) return;
    stopping.add(stopped);
    void stopped.then(() => stopping.delete(stopped));
  };
  const rejoin = (releaseId: string) => {
    clearTimeout(lingering.get(releaseId));
    lingering.delete(releaseId);
  };
  const linger = (releaseId: string) => {
    lingering.set(releaseId, setTimeout(() => end(releaseId), lingerMs).unref());
    if (lingering.size > mostLingering) end(lingering.keys().next().value!);
  };
  const begin = (releaseId: string): Watching => {
    const one = new Watching({
      look: () => look(releaseId),
      log,
      joined: () => rejoin(releaseId),
      left: () => linger(releaseId),
      over() {
        rejoin(releaseId);
        watched.delete(releaseId);
      },
    });
    watched.set(releaseId, one);
    if (isClosed) end(releaseId);
    return one;
  };

  return {
    of: (releaseId) => watched.get(releaseId) ?? begin(releaseId),
    soon: (releaseId) => watched.get(releaseId)?.soon(),
    async close() {
      isClosed = true;
      for (const releaseId of watched.keys()) end(releaseId);
      await Promise.all(stopping);
    },
  };
}
