import { describe, expect, it } from '@jest/globals';
import { dueOf, lookAt, nextLook } from '../../domain/lane-look.ts';
import { aMember } from './builders.ts';

const holder = (n: number) => ({ member: aMember('r1'), ticket: { incarnation: 1, n }, since: 0 });
const minute = 60_000;

describe('looking whether the holder is still there', () => {
  it('is not due without a holder', () => {
    expect(lookAt(undefined, lookAt(holder(1), undefined, 0), 5)).toBeUndefined();
  });

  it('is due a minute after it got the lane, whatever the lane hears meanwhile', () => {
    const look = lookAt(holder(1), undefined, 1_000);
    expect(look?.due).toBe(1_000 + minute);
    expect(lookAt(holder(1), look, 50_000)).toEqual(look);
  });

  it('begins anew with another ticket, also of the same run', () => {
    expect(lookAt(holder(2), lookAt(holder(1), undefined, 0), 50_000)?.due).toBe(50_000 + minute);
  });

  it('is due each minute while somebody waits for the lane, however rarely it was looked before', () => {
    const long = { ...lookAt(holder(1), undefined, 0)!, due: 20 * minute, patience: 15 * minute };
    expect([dueOf(long, false), dueOf(long, true)]).toEqual([20 * minute, 6 * minute]);
    const next = nextLook(long, 7 * minute);
    expect([dueOf(next, false), dueOf(next, true)]).toEqual([22 * minute, 8 * minute]);
  });

  it('is due ever more rarely while it is there, every 15 minutes at last', () => {
    let look = lookAt(holder(1), undefined, 0)!;
    const waits: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const now = look.due;
      look = nextLook(look, now);
      waits.push((look.due - now) / minute);
    }
    expect(waits).toEqual([2, 4, 8, 15, 15, 15]);
  });
});
