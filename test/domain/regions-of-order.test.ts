import { describe, expect, it } from '@jest/globals';
import { placeInWords } from '../../domain/left-behind.ts';
import { regionsLeft, regionsOfOrder } from '../../domain/regions-of-order.ts';

const changed = [placeInWords('core', 'de')];
const planned = ['de', 'nl'];

describe('the regions that an order to undo is about', () => {
  it.each([
    ['those that it names', ['nl'], { outcome: 'verified', planned, changed }, ['nl']],
    ['all, of a release that went its way', undefined, { outcome: 'verified', planned, changed }, ['de', 'nl']],
    ['where one was left half way', undefined, { outcome: 'halted', planned, changed }, ['de']],
    ['what one that goes on has changed', undefined, { outcome: undefined, isOpen: true, planned, changed }, ['de']],
    [
      'what was changed, where no plan is on record',
      undefined,
      { outcome: 'verified', planned: undefined, changed },
      ['de'],
    ],
  ])('are %s', (_, named, undone, regions) => {
    expect(regionsOfOrder(named, undone)).toEqual(regions);
  });

  it('are told apart as left behind only where a release was', () => {
    expect(regionsLeft({ outcome: 'verified', changed })).toBeUndefined();
    expect(regionsLeft({ outcome: 'halted', changed })).toEqual(['de']);
  });
});
