import { describe, expect, it } from '@jest/globals';
import { keptFor } from '../../../client/gateway/kept-for.ts';

function aKeeper(settings: { goodForMs?: number; most?: number } = {}) {
  const clock = { now: 0 };
  const asked: string[] = [];
  const kept = keptFor<number>({ goodForMs: 100, ...settings, now: () => clock.now });
  const ask = (key: string, fails = false) =>
    kept(key, () => {
      asked.push(key);
      return fails ? Promise.reject(new Error('away')) : Promise.resolve(asked.length);
    });
  return { clock, asked, ask };
}

describe('what is kept for a while', () => {
  it('is asked once for all who ask at the same time', async () => {
    const { asked, ask } = aKeeper();
    expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual([1, 1, 2]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('is asked anew once it is old', async () => {
    const { clock, ask } = aKeeper();
    expect(await ask('a')).toBe(1);
    clock.now = 99;
    expect(await ask('a')).toBe(1);
    clock.now = 100;
    expect(await ask('a')).toBe(2);
  });

  it('is asked anew where it has failed, and whoever asked is told', async () => {
    const { ask } = aKeeper();
    await expect(ask('a', true)).rejects.toThrow('away');
    expect(await ask('a')).toBe(2);
  });

  it('is no more than so much: what was asked first goes first', async () => {
    const { asked, ask } = aKeeper({ most: 2 });
    for (const key of ['a', 'b', 'c', 'b', 'a']) await ask(key);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});
