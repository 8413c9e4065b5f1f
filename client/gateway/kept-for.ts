import type { Millis } from '../../domain/contract/release.ts';

/** Longer than anybody waits for an answer. */
const longestMs = 20_000;

/**
 * What several ask for at once is asked once, also where that takes a while, and the answer is good for `goodForMs` since it was asked for. What has
 * failed, and what nobody waits for any more, is asked anew by whoever comes next. `most`: so many answers are kept, the newest; 1,000 where it is
 * left out. Of one thing alone, whose failure is kept as well, `kept` in activities/shared.
 */
export function keptFor<Answer>({
  goodForMs,
  most = 1_000,
  now,
}: {
  goodForMs: Millis;
  most?: number;
  now: () => Millis;
}): (key: string, ask: () => Promise<Answer>) => Promise<Answer> {
  interface Kept {
    at: Millis;
    answer: Promise<Answer>;
    isOnItsWay: boolean;
  }
  const known = new Map<string, Kept>();
  // A clock that is set back makes nothing good for longer.
  const isGood = ({ at, isOnItsWay }: Kept) => Math.abs(now() - at) < (isOnItsWay ? longestMs : goodForMs);
  return (key, ask) => {
    const before = known.get(key);
    if (before && isGood(before)) return before.answer;
    const answer = ask();
    const one: Kept = { at: now(), answer, isOnItsWay: true };
    // The newest stand last.
    known.delete(key);
    known.set(key, one);
    void answer.then(
      () => (one.isOnItsWay = false),
      () => known.get(key) === one && known.delete(key),
    );
    for (const [oldest, kept] of known) {
      if (known.size <= most && isGood(kept)) break;
      known.delete(oldest);
    }
    return answer;
  };
}
