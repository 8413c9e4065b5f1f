import { describe, expect, it } from '@jest/globals';
import { isOnHold, staysInSchema } from '../../../client/dashboard/words/aftermath.ts';
import type { LaneView, ReleaseView } from '../../../domain/contract/gateway.ts';

const lane = { service: 'shop', environment: 'production' };
const hold = { id: 'hold-1', kind: 'hold', by: 'release', reason: 'halted', from: 1 };
const laneWith = (closures: object[]) =>
  ({
    ...lane,
    inventory: [],
    status: { queue: [], closures, lastTicket: { incarnation: 1, number: 1 } },
  }) as unknown as LaneView;

describe('a lane that an end has left on hold', () => {
  it('is told of a run that has ended, and of no open one', () => {
    expect(isOnHold({ open: false }, laneWith([hold]), 2)).toBe(true);
    expect(isOnHold({ open: true }, laneWith([hold]), 2)).toBe(false);
  });

  it('is not told where it is open, frozen, or not known', () => {
    expect(isOnHold({ open: false }, laneWith([]), 2)).toBe(false);
    expect(isOnHold({ open: false }, laneWith([{ ...hold, kind: 'freeze' }]), 2)).toBe(false);
    expect(isOnHold({ open: false }, undefined, 2)).toBe(false);
  });
});

describe('what was done to a schema', () => {
  const migrations = [{ database: 'shop', pending: ['0002_product_weight'] }];
  const view = (outcome: string, changed: string[]) =>
    ({ open: false, outcome, status: { migrations }, recorded: { changed } }) as unknown as ReleaseView;

  it('stays where images were put back, as far as it was begun', () => {
    expect(staysInSchema(view('rolled-back', ['database shop', 'core in de']))).toEqual(['shop: 0002_product_weight']);
    expect(staysInSchema(view('rolled-back', ['core in de']))).toEqual([]);
  });

  it('is no news where nothing was put back', () => {
    expect(staysInSchema(view('verified', ['database shop']))).toEqual([]);
  });
});
