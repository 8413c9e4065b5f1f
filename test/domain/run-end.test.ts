import { describe, expect, it } from '@jest/globals';
import { outcomes } from '../../domain/outcomes.ts';
import type { Outcome } from '../../domain/outcomes.ts';
import { endedWell, endInWords, exitCodeOfRun } from '../../domain/run-end.ts';
import { aReleaseId } from './builders.ts';

const rollback = 'rollback/shop/production/order-1';

describe('a run that has ended', () => {
  it.each(Object.keys(outcomes) as Outcome[])('as %s is told by its kind', (outcome) => {
    expect(endedWell(aReleaseId(), outcome)).toBe(outcome === 'verified');
    expect(endedWell(rollback, outcome)).toBe(outcome === 'rolled-back');
    expect(exitCodeOfRun(aReleaseId(), outcome)).toBe(outcomes[outcome].exitCode);
    expect(exitCodeOfRun(rollback, outcome)).toBe(outcome === 'rolled-back' ? 0 : outcomes[outcome].exitCode);
    expect(endInWords(aReleaseId(), outcome)).toBe(outcomes[outcome].says);
  });

  it('says of a rollback that was ordered that it is done', () => {
    expect(endInWords(rollback, 'rolled-back')).toBe('what was ordered back is back');
  });

  it('in a way that nobody knows has not ended well', () => {
    for (const run of [aReleaseId(), rollback]) expect(endedWell(run, 'paused')).toBe(false);
  });
});
