import { describe, expect, it } from '@jest/globals';
import { hadChanged } from '../../domain/hold-reason.ts';
import { endOnRecord, isOutcome, laneDisposition, meaningOf, otherExitCodes, outcomes } from '../../domain/outcomes.ts';
import type { Outcome } from '../../domain/outcomes.ts';

const rows = Object.entries(outcomes) as [Outcome, (typeof outcomes)[Outcome]][];

describe('the table of outcomes', () => {
  it('is this', () => {
    const marks = ['changed', 'undoable', 'proven'] as const;
    const inWords = rows.map(([name, row]) => {
      const { close, lane, level } = row;
      return `${name}: ${[close, lane, level, ...marks.filter((mark) => row[mark])].join(', ')}`;
    });
    expect(inWords).toEqual([
      'verified: completed, free, info, changed, undoable, proven',
      'unproven: completed, free, attention, changed, undoable',
      'rolled-back: completed, hold, attention, changed',
      'rejected: completed, free, attention',
      'expired: completed, free, attention',
      'superseded: completed, free, attention',
      'aborted: completed, free, attention',
      'failed: failed, free, problem',
      'halted: failed, hold, problem, changed, undoable',
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

  it.each([undefined, 'promoted', 'toString'])(
    'takes %s, which it does not know, for neither harmless nor well',
    (end) => {
      expect(meaningOf(end)).toEqual({
        close: 'failed',
        lane: 'hold',
        changed: true,
        undoable: false,
        back: false,
        proven: false,
        level: 'attention',
      });
      expect(laneDisposition(end, 'look at de').kind).toBe('hold');
    },
  );

  /** All that can be known speaks for it. */
  const well = { isVerified: true, mayBeUnproven: true, isBack: true };

  it.each([
    ['verified', { isVerified: false, mayBeUnproven: true, isBack: false }, ['core in de'], 'halted'],
    ['verified', { isVerified: false, mayBeUnproven: true, isBack: false }, [], 'failed'],
    ['verified', well, ['core in de'], 'verified'],
    ['unproven', { isVerified: true, mayBeUnproven: false, isBack: false }, ['core in de'], 'halted'],
    ['unproven', { isVerified: false, mayBeUnproven: true, isBack: false }, ['core in de'], 'unproven'],
    ['rolled-back', { isVerified: false, mayBeUnproven: false, isBack: true }, ['core in de'], 'rolled-back'],
    ['rolled-back', { isVerified: false, mayBeUnproven: true, isBack: false }, ['core in de'], 'halted'],
    ['rolled-back', { isVerified: false, mayBeUnproven: true, isBack: true }, [], 'failed'],
    ['halted', { isVerified: false, mayBeUnproven: false, isBack: false }, [], 'halted'],
    ['rejected', { isVerified: false, mayBeUnproven: false, isBack: false }, [], 'rejected'],
  ])('that a run tells, %s, is held against what the records know: %j %j: %s', (told, seen, changed, kept) => {
    expect(endOnRecord({ outcome: told, summary: 'so it was' }, { changed, seen }).outcome).toBe(kept);
  });

  it('believes no end that says nothing was changed, where the records know better', () => {
    const known = { changed: ['region de'], seen: well };
    const end = (outcome: string) => endOnRecord({ outcome, summary: 'so it was' }, known).outcome;
    const all = [...rows.map(([name]) => name), 'promoted'];
    expect(all.map((outcome) => [outcome, end(outcome)]).filter(([told, kept]) => told !== kept)).toEqual(
      ['rejected', 'expired', 'superseded', 'aborted', 'failed', 'promoted'].map((outcome) => [outcome, 'halted']),
    );
  });

  it.each(['verified ', ' verified', 'Verified', 'rolled-back\u200b', 'done', 'toString', ''])(
    'is none by a word that nobody knows: %j',
    (outcome) => {
      const end = (changed: string[]) => endOnRecord({ outcome, summary: 'all is well' }, { changed, seen: well });
      expect([end(['core in de']).outcome, end([]).outcome]).toEqual(['halted', 'failed']);
      expect(end([]).summary).toContain(`it has ended as ${JSON.stringify(outcome)}, which is no outcome`);
    },
  );

  it.each<[string, boolean, string]>([
    ['rolled-back', true, 'rolled-back'],
    ['rolled-back', false, 'halted'],
    ['verified', true, 'halted'],
    ['unproven', true, 'halted'],
    ['halted', false, 'halted'],
  ])('of a run that was ordered back is that it is back, or halts: %s, back %j: %s', (outcome, isBack, kept) => {
    const seen = { isVerified: true, mayBeUnproven: true, isBack };
    const known = { changed: ['core in de'], seen, orderedBackBy: 'kim' };
    expect(endOnRecord({ outcome, summary: 'so it was' }, known).outcome).toBe(kept);
  });

  it.each([
    ['rolled-back', ['core in de'], 'rolled-back'],
    ['halted', ['core in de'], 'halted'],
    ['verified', ['core in de'], 'halted, as kim had ordered it back'],
    ['unproven', ['core in de'], 'halted, as kim had ordered it back'],
    ['aborted', [], 'aborted'],
  ])('of a run that was ordered back and tells %s, having changed %j: %s', (told, changed, kept) => {
    const known = { changed, seen: well, orderedBackBy: 'kim' };
    const { outcome, summary } = endOnRecord({ outcome: told, summary: 'so it was' }, known);
    const isDisobeyed = summary === 'so it was; but kim had ordered it back, and it is not';
    expect(isDisobeyed ? `${outcome}, as kim had ordered it back` : outcome).toBe(kept);
    if (!isDisobeyed) expect(summary).toBe('so it was');
  });

  it('says once what an earlier run under the id had changed', () => {
    const changed = ['core in de', 'database main'];
    const sentence = /had changed /;
    const untold = endOnRecord({ outcome: 'failed', summary: 'the build failed' }, { changed, seen: well });
    const told = endOnRecord(
      { outcome: 'failed', summary: `ended from outside: release/a ${hadChanged(changed)}` },
      { changed, seen: well },
    );
    for (const { outcome, summary } of [untold, told]) {
      expect(outcome).toBe('halted');
      expect(summary.split(sentence)).toHaveLength(2);
      expect(summary).toMatch(/: look at what it left behind$/);
    }
  });

  it('leaves it to the hold to name what was changed, and says so of whatever is not borne out', () => {
    const known = { changed: ['core in de'], seen: { isVerified: false, mayBeUnproven: false, isBack: false } };
    expect(endOnRecord({ outcome: 'verified', summary: 'all is well' }, known)).toEqual({
      outcome: 'halted',
      summary: 'all is well; but not all that it had changed was seen well: look at it',
    });
  });

  it('is not fooled by names that every object has', () => {
    expect(['verified', 'toString', '__proto__', ''].map(isOutcome)).toEqual([true, false, false, false]);
  });
});
