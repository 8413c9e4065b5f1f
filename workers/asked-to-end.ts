import { setTimeout as wait } from 'node:timers/promises';

type Signals = { on(signal: NodeJS.Signals, heard: (signal: NodeJS.Signals) => void): unknown };

/**
 * Until a process is asked to end. SIGTERM leaves time for those who send it requests; a person (SIGINT), and whoever asks once more, is not kept
 * waiting.
 */
export function askedToEnd(signals: Signals = process): {
  asked: Promise<void>;
  /** Over after so many ms, or at once for whoever does not wait. */
  pause(ms: number): Promise<void>;
} {
  const atOnce = new AbortController();
  let times = 0;
  const asked = new Promise<void>((resolve) => {
    const heard = (signal: NodeJS.Signals) => {
      times += 1;
      if (signal === 'SIGINT' || times > 1) atOnce.abort();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.on(signal, heard);
  });
  return { asked, pause: (ms) => wait(ms, undefined, { signal: atOnce.signal }).catch(() => {}) };
}
