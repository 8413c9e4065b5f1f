import { describe, expect, it } from '@jest/globals';
import { isOutcome, laneDisposition, otherExitCodes, outcomes } from '../../domain/outcomes.ts';
import type { Outcome } from '../../domain/outcomes.ts';

const rows = Object.entries(outcomes) as [Outcome, (typeof outcomes)[Outcome]][];

describe('the table of outcomes', () => {
  it('is this', () => {
    expect(rows.map(([name, { close, lane }]) => `${name}: ${close}, ${lane}`)).toEqual([
      'verified: completed, free',
      'unproven: completed, free',
      'rolled-back: completed, hold',
      'rejected: completed, free',
      'expired: completed, free',
      'superseded: completed, free',
      'aborted: completed, free',
      'failed: failed, free',
      'halted: failed, hold',
    ]);
  });

  it('has an exit code of its own for each, and only a verified release is a success', () => {
    const codes = [...rows.map(([, row]) => row.exitCode), ...Object.values(otherExitCodes)];
    expect(new Set(codes).size).toBe(codes.length);
    expect(rows.filter(([, row]) => row.exitCode === 0).map(([name]) => name)).toEqual(['verified']);
  });

  it('closes the lane after whatever may have left something behind, with the reason', () => {
    expect(laneDisposition('halted', 'look at de')).toEqual({ kind: 'hold', reason: 'look at de' });
    expect(laneDisposition('verified', 'all is well')).toEqual({ kind: 'free' });
  });

  it('is not fooled by names that every object has', () => {
    expect(['verified', 'toString', '__proto__', ''].map(isOutcome)).toEqual([true, false, false, false]);
  });
});
