import { describe, expect, it } from '@jest/globals';
import type { LaneClosure } from '../../domain/contract/lane.ts';
import { closureInWords, closuresInForce } from '../../domain/lane-closures.ts';
import { differencesOf, unprovenDifferences } from '../../domain/lane-standing.ts';
import { unprovenFreezes } from '../../domain/unproven-orders.ts';
import type { UnprovenOrder } from '../../domain/unproven-orders.ts';

const lane = { service: 'shop', environment: 'production' };
const now = 100_000;
const id = '0b6ff2c1-3c8e-4f0c-9a39-5d1f6a3f0001';
const oldKey = 'a'.repeat(16);
const otherKey = 'b'.repeat(16);
const place = '--service shop --environment production';
const about = { lane, by: 'kim', at: 1, reason: 'sale' };

function aFreeze(changes: Partial<UnprovenOrder> = {}): UnprovenOrder {
  return { ...about, id, kind: 'freeze', keyId: oldKey, storedAt: 1, ...changes } as UnprovenOrder;
}
function lifting(changes: Partial<UnprovenOrder> = {}): UnprovenOrder {
  return { ...about, id: 'u1', kind: 'unfreeze', lifts: id, keyId: oldKey, storedAt: 2, ...changes } as UnprovenOrder;
}

describe('a freeze whose key is not known', () => {
  it.each<[string, UnprovenOrder[], boolean]>([
    ['closes the lane', [aFreeze()], true],
    ['stays lifted where an order with the same key has lifted it since', [aFreeze(), lifting()], false],
    ['is not lifted by an order with another key', [aFreeze(), lifting({ keyId: otherKey })], true],
    ['is not lifted by what was there before it', [aFreeze({ storedAt: 3 }), lifting()], true],
    ['is over when it says so', [aFreeze({ until: now })], false],
    ['closes nothing under a name that no gateway gives', [aFreeze({ id: '$(rm -rf ~)' })], false],
  ])('%s', (_what, orders, closes) => {
    const closures = closuresInForce({ orders: unprovenFreezes(orders), holds: [] }, { lane, now });
    expect(closures.map((closure) => closure.id)).toEqual(closes ? [id] : []);
  });

  const [unproven] = closuresInForce({ orders: unprovenFreezes([aFreeze()]), holds: [] }, { lane, now });
  const { unprovenKey, ...proven } = unproven!;

  it('has the key as a field, its reason as it was ordered, and the words for both', () => {
    expect(unproven).toMatchObject({ reason: 'sale', unprovenKey: oldKey });
    expect(closureInWords(unproven!)).toBe(
      `frozen by kim: sale (who ordered it cannot be told: it names ${unprovenKey}, a key that is not known here)`,
    );
    expect(closureInWords(proven)).toBe('frozen by kim: sale');
  });

  // What lanes carried as the end of the reason before there was the field.
  const ending = ' (who ordered it cannot be told: it names a key that is not known here)';
  const asItWas = { ...proven, reason: `sale${ending}` };
  it.each<[string, LaneClosure, LaneClosure]>([
    ['has heard of it while the key was known', unproven!, proven],
    ['has read it from the records', unproven!, unproven!],
    ['has read it while the key was gone, which is known again', proven, unproven!],
    ['began before the key was a field', unproven!, asItWas],
    ['began before that, and the key is known again', proven, asItWas],
  ])('is the one of a lane that %s', (_what, recorded, said) => {
    expect(differencesOf({ closures: [recorded], orders: [] }, { closures: [said] }, { lane, now })).toEqual([]);
  });

  it('is told to no lane: what ends that it does not know it is the key, or an order', () => {
    const [untold] = differencesOf({ closures: [unproven!], orders: [] }, { closures: [] }, { lane, now });
    expect(untold?.words).toContain(`does not say that it is closed by the freeze ${id}`);
    expect(untold?.next).toBe(unprovenDifferences([unproven!], [], lane)[0]?.next);
    expect(untold?.next).not.toContain('lane tell');
  });

  it('is not one whose reason a person ends with those words', () => {
    const typed: LaneClosure = { ...proven, reason: `audit${ending}` };
    expect(unprovenDifferences([typed], [], lane)).toEqual([]);
    expect(closureInWords(typed)).toBe(`frozen by kim: audit${ending}`);
    const [other] = differencesOf(
      { closures: [typed], orders: [] },
      { closures: [{ ...typed, reason: 'audit' }] },
      { lane, now },
    );
    expect(other?.next).toBe(`slipway lane tell ${place}`);
  });
});

describe('an order of a key that is not known', () => {
  const freeze = aFreeze({ keyId: otherKey });
  const hold = { id: 'hold-1', by: 'release/one', reason: 'halted', from: 1, storedAt: 1 };
  const cleared = lifting({ kind: 'clear-hold', lifts: 'hold-1', of: 'release/one' });
  const names = `the freeze ${id} names ${otherKey}, a key that is not known here, and closes the lane all the same`;
  const lifts = (what: string) =>
    `an order on record lifts the ${what}, and does not count: it names ${oldKey}, a key that is not known here`;
  const way = (keyId: string, what: string, command: string) =>
    `if ${keyId} is the id of a key that a gateway had, and that has not leaked, put its public half into SLIPWAY_PUBLIC_KEYS of every process and restart them; or, once the ${what} is not needed: slipway ${command} --reason "…"`;
  const unfreeze = `unfreeze ${place} --id ${id}`;

  it.each<[string, UnprovenOrder[], (typeof hold)[], [words: string, next: string][]]>([
    ['that freezes', [freeze], [], [[names, way(otherKey, 'freeze', unfreeze)]]],
    [
      'that clears a hold',
      [cleared],
      [hold],
      [[lifts('hold hold-1'), way(oldKey, 'hold', `lane clear-hold ${place} --id hold-1`)]],
    ],
    [
      'that lifts the freeze of another such key',
      [freeze, lifting()],
      [],
      [
        [names, way(otherKey, 'freeze', unfreeze)],
        [lifts(`freeze ${id}`), way(oldKey, 'freeze', unfreeze)],
      ],
    ],
  ])('%s is told with the key, and what helps', (_what, orders, holds, told) => {
    const closures = closuresInForce({ orders: unprovenFreezes(orders), holds }, { lane, now });
    expect(unprovenDifferences(closures, orders, lane)).toEqual(told.map(([words, next]) => ({ words, next })));
  });
});
