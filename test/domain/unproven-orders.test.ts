import { describe, expect, it } from '@jest/globals';
import type { LaneClosure } from '../../domain/contract/lane.ts';
import { closuresInForce } from '../../domain/lane-closures.ts';
import { differencesOf, unprovenDifferences } from '../../domain/lane-standing.ts';
import { unprovenFreezes } from '../../domain/unproven-orders.ts';
import type { UnprovenOrder } from '../../domain/unproven-orders.ts';

const lane = { service: 'shop', environment: 'production' };
const now = 100_000;
const id = '0b6ff2c1-3c8e-4f0c-9a39-5d1f6a3f0001';
const oldKey = 'a'.repeat(16);
const otherKey = 'b'.repeat(16);
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

  it('says that nobody can tell who ordered it, and is the one that the lane itself knows', () => {
    const closures = closuresInForce({ orders: unprovenFreezes([aFreeze()]), holds: [] }, { lane, now });
    expect(closures[0]?.reason).toBe('sale (who ordered it cannot be told: it names a key that is not known here)');
    const said: LaneClosure[] = closures.map((closure) => ({ ...closure, reason: 'sale' }));
    expect(differencesOf({ closures, orders: [] }, { closures: said }, { lane, now })).toEqual([]);
    expect(differencesOf({ closures: said, orders: [] }, { closures }, { lane, now })).toEqual([]);
    const [told] = unprovenDifferences(closures, [aFreeze()], lane);
    expect(told?.words).toBe(`the freeze ${id} names a key that is not known here, and closes the lane all the same`);
    expect(told?.next).toContain(`slipway unfreeze --service shop --environment production --id ${id}`);
  });
});

describe('a hold that was cleared with a key that is not known', () => {
  it('is in force, and people are told of the order that does not count', () => {
    const hold = { id: 'hold-1', by: 'release/one', reason: 'halted', from: 1, storedAt: 1 };
    const clearing = lifting({ kind: 'clear-hold', lifts: 'hold-1', of: 'release/one' });
    const closures = closuresInForce({ orders: unprovenFreezes([clearing]), holds: [hold] }, { lane, now });
    expect(closures).toMatchObject([{ id: 'hold-1', kind: 'hold' }]);
    const [told] = unprovenDifferences(closures, [clearing], lane);
    expect(told?.words).toBe(
      `an order on record lifts the hold hold-1, and does not count: it names ${oldKey}, a key that is not known here`,
    );
    expect(told?.next).toContain('slipway lane clear-hold --service shop --environment production --id hold-1');
  });
});
