import { canonicalJson } from '../../domain/canonical.ts';

/** Whoever asks for the same while it is being looked for gets the same answer: nothing is done twice at once, and nothing is kept. */
export function shared<Asked, Answer>(work: (asked: Asked) => Promise<Answer>): (asked: Asked) => Promise<Answer> {
  const under = new Map<string, Promise<Answer>>();
  return (asked) => {
    const key = canonicalJson(asked);
    const known = under.get(key);
    if (known) return known;
    const answer = work(asked).finally(() => under.delete(key));
    under.set(key, answer);
    return answer;
  };
}
