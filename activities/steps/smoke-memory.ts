import { z } from 'zod';
import { fromEarlierTry, remembering } from '../shared/remembering.ts';

/**
 * For how long (ms) Jobs of smoke tests were seen to run, by uid, for the try that comes after this one: their pods do not show it any more once
 * their time is over. Nothing else: whoever can send a sign of life can say this much, and no answer.
 */
const remembered = z.object({ smoke: z.record(z.string(), z.number().nonnegative()) });
type Remembered = z.infer<typeof remembered>;

export interface SmokeMemory {
  /** Keeps the longest that was seen, and says it: nothing where it was not seen to run. */
  ran(uid: string, ranMs: number | undefined): { ranMs?: number };
  forget(uid: string): void;
}

/** Does work of which every sign of life carries how long smoke tests were seen to run, here or in an earlier try. */
export function rememberingSmoke<T>(work: (memory: SmokeMemory) => Promise<T>): Promise<T> {
  // One of another version, or a forged one, may be anything.
  const known = new Map(Object.entries(remembered.safeParse(fromEarlierTry()).data?.smoke ?? {}));
  const memory: SmokeMemory = {
    ran(uid, ranMs) {
      const longest = Math.max(ranMs ?? -1, known.get(uid) ?? -1);
      if (longest < 0) return {};
      known.set(uid, longest);
      return { ranMs: longest };
    },
    forget: (uid) => void known.delete(uid),
  };
  return remembering(
    () => ({ smoke: Object.fromEntries(known) }) satisfies Remembered,
    () => work(memory),
  );
}
