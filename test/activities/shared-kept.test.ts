import { describe, expect, it } from '@jest/globals';
import { kept } from '../../activities/shared/kept.ts';

function counted(look: (count: number) => Promise<number>) {
  let [count, now] = [0, 0];
  const ask = kept(
    () => look((count += 1)),
    () => now,
  );
  return { ask, count: () => count, passes: (ms: number) => (now += ms) };
}

describe('what is looked at once a second at most', () => {
  it('is the last answer for whoever asks within the second, and looked at anew after it', async () => {
    const { ask, count, passes } = counted((many) => Promise.resolve(many));
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    passes(999);
    expect(await ask()).toBe(1);
    passes(1);
    expect(await ask()).toBe(2);
    expect(count()).toBe(2);
  });

  it('is not asked again within the second where it could not be seen, and is after it', async () => {
    const { ask, count, passes } = counted((many) =>
      many === 1 ? Promise.reject(new Error('it is away')) : Promise.resolve(many),
    );
    await expect(ask()).rejects.toThrow('it is away');
    await expect(ask()).rejects.toThrow('it is away');
    expect(count()).toBe(1);
    passes(1_000);
    expect(await ask()).toBe(2);
  });
});
