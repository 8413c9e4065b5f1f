import type { Millis } from '../../domain/contract/release.ts';

/**
 * What several ask for at once is asked once, and the answer is good for `goodForMs`. What has failed is asked anew by whoever comes next. `most`:
 * so many answers are kept, the newest; 1,000 where it is left out.
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
  const known = new Map<string, { at: Millis; answer: Promise<Answer> }>();
  return (key, ask) => {
    const before = known.get(key);
    if (before && now() - before.at < goodForMs) return before.answer;
    const answer = ask();
    // The newest stand last.
    known.delete(key);
    known.set(key, { at: now(), answer });
    answer.catch(() => {
      if (known.get(key)?.answer === answer) known.delete(key);
    });
    for (const oldest of known.keys()) {
      if (known.size <= most) break;
      known.delete(oldest);
    }
    return answer;
  };
}
