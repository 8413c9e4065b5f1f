import { describe, expect, it } from '@jest/globals';
import { pauseAfter } from '../../../client/gateway/watching.ts';
import { createWatchings, mostLingering } from '../../../client/gateway/watchings.ts';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { until } from '../../support/world-until.ts';

const open = { open: true } as ReleaseView;

/** Runs that are looked at, each as often as it says. */
function aHouse(lingerMs?: number) {
  const looks = new Map<string, number>();
  const watchings = createWatchings({
    look: async (id) => {
      looks.set(id, (looks.get(id) ?? 0) + 1);
      return open;
    },
    log: () => {},
    ...(lingerMs !== undefined && { lingerMs }),
  });
  return { watchings, looks };
}

describe('a run that is watched', () => {
  it('is looked at no more when the last who watched it has been gone for a while', async () => {
    const { watchings } = aHouse(20);
    const watching = watchings.of('a');
    const [one, other] = [watching.watch(() => {}), watching.watch(() => {})];
    await watching.first;
    one();
    other();
    expect(watching.isOver).toBe(false);
    await until('the end of it', () => watching.isOver);
    expect(watchings.of('a')).not.toBe(watching);
    await watchings.close();
  });

  it('goes on for whoever comes back in time', async () => {
    const { watchings } = aHouse(60_000);
    const watching = watchings.of('a');
    watching.watch(() => {})();
    expect(watchings.of('a')).toBe(watching);
    await watchings.close();
  });

  it('is not looked at for long by those who come and go: so many go on at once, the newest of them', async () => {
    const { watchings } = aHouse(60_000);
    const all = Array.from({ length: mostLingering + 5 }, (_, n) => watchings.of(`run ${n}`));
    for (const one of all) one.watch(() => {})();
    expect(all.map(({ isOver }) => isOver)).toEqual(all.map((_, n) => n < 5));
    await watchings.close();
    expect(all.every(({ isOver }) => isOver)).toBe(true);
  });

  it('is over for all who have waited for its first state where there is none', async () => {
    const why = new Error('there is no such run');
    const watchings = createWatchings({ look: () => Promise.reject(why), log: () => {} });
    const watching = watchings.of('a');
    watching.watch(() => {});
    await expect(watching.first).rejects.toBe(why);
    expect(watchings.of('a')).not.toBe(watching);
    await watchings.close();
  });

  it('is over at once for whoever comes when the gateway ends', async () => {
    const { watchings, looks } = aHouse();
    await watchings.close();
    const late = watchings.of('a');
    await late.first;
    expect([late.isOver, late.isStopped, looks.get('a')]).toEqual([true, true, 1]);
  });
});

describe('the pause until the next look', () => {
  it.each([
    [0, 500],
    [50_000, 500],
    [100_000, 1_000],
    [300_000, 3_000],
    [86_400_000, 3_000],
  ])('is, where nothing has moved for %i ms, %i ms', (still, pause) => {
    expect(pauseAfter(still)).toBe(pause);
  });
});
