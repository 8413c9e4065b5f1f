import { describe, expect, it } from '@jest/globals';
import { oneAfterAnother, personByPerson } from '../../../client/gateway/one-after-another.ts';

const held = () => Promise.withResolvers<void>();

describe('what is about the same', () => {
  it('goes one after the other, also past one that fails', async () => {
    const inOrder = oneAfterAnother(60_000);
    const [first, done] = [held(), [] as string[]];
    const all = [
      inOrder('lane', async () => (await first.promise, done.push('first'))),
      inOrder('lane', () => Promise.reject(new Error('refused'))),
      inOrder('lane', async () => done.push('third')),
    ];
    await inOrder('other lane', async () => done.push('other'));
    first.resolve();
    expect(await Promise.allSettled(all)).toMatchObject([{ value: 2 }, { reason: new Error('refused') }, { value: 3 }]);
    expect(done).toEqual(['other', 'first', 'third']);
  });

  it('waits no longer than it may, and is not begun then; who comes after it still waits for the one before', async () => {
    const inOrder = oneAfterAnother(5);
    const [first, begun] = [held(), [] as string[]];
    const one = inOrder('lane', async () => (begun.push('first'), first.promise));
    for (const name of ['second', 'third'])
      await expect(inOrder('lane', async () => begun.push(name))).rejects.toMatchObject({ status: 503 });
    first.resolve();
    await one;
    await inOrder('lane', async () => begun.push('fourth'));
    expect(begun).toEqual(['first', 'fourth']);
  });

  it('is given to one person after the other, however much one of them has sent before', async () => {
    const inTurns = personByPerson(oneAfterAnother(60_000));
    const done: string[] = [];
    const all = ['kim', 'kim', 'kim', 'lee'].map((by) => inTurns(by, 'lane', async () => done.push(by)));
    await Promise.all(all);
    expect(done.indexOf('lee')).toBe(1);
  });
});
