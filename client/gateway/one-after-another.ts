import { inTime } from '../../activities/shared/in-time.ts';
import { Refused } from './errors.ts';

/** Whatever is about the same waits for what came before it, with its end. Throws 503 for what has waited too long: it is not begun then. */
export type OneAfterAnother = <Result>(about: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * So that what was counted still holds when something is stored by it, whoever sends a hundred at once. Several gateways side by side may each
 * have one under way: together they go beyond a bound by so many, and no more.
 */
export function oneAfterAnother(waitMs: number): OneAfterAnother {
  const last = new Map<string, Promise<void>>();
  return async (about, work) => {
    const before = last.get(about) ?? Promise.resolve();
    const { promise: done, resolve: end } = Promise.withResolvers<void>();
    const mine = before.then(() => done);
    last.set(about, mine);
    void mine.then(() => last.get(about) === mine && last.delete(about));
    try {
      await inTime(before, waitMs, late);
      return await work();
    } finally {
      end();
    }
  };
}

/** Of each person one waits for the thing itself: whoever sends a hundred at once keeps nobody else from it. */
export function personByPerson(inOrder: OneAfterAnother) {
  return <Result>(by: string, about: string, work: () => Promise<Result>): Promise<Result> =>
    inOrder(`${about} ${by}`, () => inOrder(about, work));
}

function late(words: string): Refused {
  const next = 'Nothing was stored. Look how it stands, then send it again.';
  return new Refused(503, 'unavailable', `too much was sent at once about the same: ${words}`, next, 1);
}
