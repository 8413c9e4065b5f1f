import { describe, expect, it } from '@jest/globals';
import { refuseOrder } from '../../domain/lane-order.ts';

const lane = { service: 'shop', environment: 'production' };
const freeze = { id: 'o1', kind: 'freeze', lane, by: 'kim', at: 1, reason: 'sale' };
const signed = (order: unknown) => ({ order, keyId: 'k', signature: 's' });

describe('refuseOrder', () => {
  it.each([
    ['a freeze', signed(freeze)],
    ['a freeze with an end', signed({ ...freeze, until: 9 })],
    ['an order to lift a hold', signed({ ...freeze, kind: 'clear-hold', lifts: 'hold-1.1' })],
  ])('lets %s of this lane through', (_what, order) => {
    expect(refuseOrder(order, lane)).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'it is not a signed order'],
    ['text', 'freeze', 'it is not a signed order'],
    ['an order without a signature', { order: freeze, keyId: 'k' }, 'it is not a signed order'],
    ['an order without a lane', signed({ ...freeze, lane: undefined }), 'it is not a signed order'],
    ['an order of another kind', signed({ ...freeze, kind: 'hold' }), 'it is not a signed order'],
    ['an order that lifts nothing in particular', signed({ ...freeze, kind: 'unfreeze' }), 'it is not a signed order'],
    [
      'an order with more than is signed',
      { ...signed(freeze), more: Array.from({ length: 6_000 }, () => ({})) },
      'it is not a signed order',
    ],
    ['a freeze whose end is no time', signed({ ...freeze, until: 'Monday' }), 'it is not a signed order'],
    [
      'an order for another lane',
      signed({ ...freeze, lane: { ...lane, environment: 'staging' } }),
      'the order is for shop in staging',
    ],
  ])('refuses %s', (_what, order, reason) => {
    expect(refuseOrder(order, lane)).toBe(reason);
  });
});
