import { describe, expect, it } from '@jest/globals';
import type { DecisionKind } from '../../domain/contract/decisions.ts';
import { standsRefused, worthOf } from '../../domain/refused-decisions.ts';
import type { DecidedRun } from '../../domain/refused-decisions.ts';
import { aReleaseId } from './builders.ts';

const rollback = 'rollback/shop/production/order-1';
const fresh: DecidedRun = { hasBegun: false, hasEnded: false };
const begun: DecidedRun = { hasBegun: true, hasEnded: false };
const ended: DecidedRun = { hasBegun: true, hasEnded: true };
const late = 'too late: it has ended';

describe('what a decision is worth that its run has refused', () => {
  it.each<[DecisionKind, string, DecidedRun, boolean, string]>([
    // What stands on record, and what the steps go by.
    ['approve', aReleaseId(), fresh, false, 'nothing'],
    ['approve', aReleaseId(), begun, true, 'counts'],
    ['approve', aReleaseId(), ended, true, late],
    ['approve', rollback, begun, false, 'nothing'],
    ['roll-back', aReleaseId(), fresh, false, 'nothing'],
    ['roll-back', aReleaseId(), begun, true, 'counts'],
    ['roll-back', aReleaseId(), ended, false, late],
    ['roll-back', rollback, begun, false, 'nothing'],
    ['reject', aReleaseId(), fresh, true, 'counts'],
    ['abort', rollback, fresh, true, 'counts'],
    ['abort', aReleaseId(), ended, true, late],
    ['retry', aReleaseId(), begun, false, 'nothing'],
    ['accept-failure', aReleaseId(), begun, false, 'nothing'],
    ['roll-back', 'no run at all', begun, false, 'nothing'],
  ])('%s about %s of which is on record %j', (kind, releaseId, run, stands, worth) => {
    const decision = { kind, releaseId, afterChange: false };
    expect([standsRefused(decision, run), worthOf(decision, run)]).toEqual([stands, worth]);
  });

  it('is nothing for a no that came after the first change, which stands all the same', () => {
    const decision = { kind: 'abort' as const, releaseId: aReleaseId(), afterChange: true };
    expect([standsRefused(decision, begun), worthOf(decision, begun)]).toEqual([true, 'nothing']);
  });

  it('is nothing for an order of a run of its own: that is not this run', () => {
    const decision = { kind: 'roll-back' as const, releaseId: aReleaseId(), run: rollback, afterChange: false };
    expect([standsRefused(decision, begun), worthOf(decision, begun)]).toEqual([false, 'nothing']);
  });
});
