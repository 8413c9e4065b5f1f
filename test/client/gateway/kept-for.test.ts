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
  return { clock, asked, kept, ask };
}

describe('what is kept for a while', () => {
  it('is asked once for all who ask at the same time', async () => {
    const { asked, ask } = aKeeper();
    expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual([1, 1, 2]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('is asked once as long as there is no answer, and is as old as its question then', async () => {
    const { clock, asked, kept } = aKeeper();
    let answer: (value: number) => void = () => undefined;
    const slow = () => kept('a', () => (asked.push('a'), new Promise<number>((resolve) => (answer = resolve))));
    const first = slow();
    clock.now = 5_000;
    const second = slow();
    answer(7);
    expect(await Promise.all([first, second])).toEqual([7, 7]);
    expect(asked).toEqual(['a']);
    void slow();
    expect(asked).toEqual(['a', 'a']);
  });

  it('is not waited for by whoever asks long after nobody can wait for it any more', () => {
    const { clock, asked, kept } = aKeeper();
    const hanging = () => kept('a', () => (asked.push('a'), new Promise<number>(() => undefined)));
    for (const at of [0, 19_999, 20_000]) {
      clock.now = at;
      void hanging();
    }
    expect(asked).toEqual(['a', 'a']);
  });

  it('is good for no longer where the clock is set back', async () => {
    const { clock, ask } = aKeeper();
    clock.now = 10_000;
    await ask('a');
    clock.now = 0;
    expect(await ask('a')).toBe(2);
  });

  it('is held no longer than it is good, once somebody asks for anything', async () => {
    const { clock, asked, ask } = aKeeper();
    await ask('a');
    await ask('b');
    clock.now = 100;
    await ask('c');
    // Set back to where both were good: they are gone.
    clock.now = 50;
    await ask('a');
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
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
