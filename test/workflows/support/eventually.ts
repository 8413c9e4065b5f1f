import { patience } from '../../support/world-until.ts';

/** Asks again, a moment later, until there is an answer. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  for (const deadline = Date.now() + patience.event; Date.now() < deadline;) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`waited ${patience.event / 60_000} minutes for ${what}`);
}
