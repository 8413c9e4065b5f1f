import { describe, expect, it } from '@jest/globals';
import { keepTrying } from '../../workers/keep-trying.ts';

/** Fails so many times, and is done then. */
function tried({ fails, stopAt = Infinity }: { fails: number; stopAt?: number }) {
  const stop = new AbortController();
  const seen = { tries: 0, told: [] as string[], pauses: [] as number[] };
  const work = async () => {
    seen.tries += 1;
    if (seen.tries === stopAt) stop.abort();
    if (seen.tries <= fails) throw new Error(`try ${seen.tries}`);
  };
  const done = keepTrying(work, {
    signal: stop.signal,
    tell: (error) => void seen.told.push((error as Error).message),
    pause: async (ms) => void seen.pauses.push(ms),
  });
  return done.then(() => seen);
}

describe('what is tried until it has worked', () => {
  it('is done at once where nothing keeps it', async () => {
    expect(await tried({ fails: 0 })).toEqual({ tries: 1, told: [], pauses: [] });
  });

  it('is tried again for as long as it takes, ever more seldom, and told once', async () => {
    const { tries, told, pauses } = await tried({ fails: 200 });
    expect({ tries, told }).toEqual({ tries: 201, told: ['try 1'] });
    expect(pauses.slice(0, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('ends with the process, and that is told as no failure', async () => {
    expect(await tried({ fails: 200, stopAt: 3 })).toMatchObject({ tries: 3, told: ['try 1'] });
    expect(await tried({ fails: 200, stopAt: 1 })).toEqual({ tries: 1, told: [], pauses: [] });
  });

  it('is not waited for when its process ends', async () => {
    const stop = new AbortController();
    const done = keepTrying(() => Promise.reject(new Error('away')), {
      signal: stop.signal,
      tell: () => stop.abort(),
    });
    await expect(done).resolves.toBeUndefined();
  });
});
