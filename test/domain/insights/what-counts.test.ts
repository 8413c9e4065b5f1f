import { describe, expect, it } from '@jest/globals';
import { doraOf } from '../../../domain/insights/dora.ts';
import { commitToProduction } from '../../../domain/insights/durations.ts';
import { measureTargets } from '../../../domain/insights/measures.ts';
import type { RunFacts } from '../../../domain/insights/run-facts.ts';
import { troublesOf } from '../../../domain/insights/troubles.ts';
import { weekMs, weeksBetween } from '../../../domain/insights/weeks.ts';
import { aRollback, aRun, minute, monday } from './builders.ts';

/** It halted an hour after the week began. */
const halted = () => aRun({ askedAt: monday + 50 * minute, outcome: 'halted', stages: [['deploying', 10]] });
/** Verified so many minutes after the week began, in 24. */
const verifiedAfter = (minutes: number, more: Partial<RunFacts> = {}) =>
  aRun({ askedAt: monday + (minutes - 24) * minute, more });

describe('what restores a lane', () => {
  it('is no release that was verified before the failure was over', () => {
    expect(troublesOf([halted(), verifiedAfter(40), verifiedAfter(59)])[0]).not.toHaveProperty('restoredMs');
  });

  it('is the first that was verified after it, in whichever order they come', () => {
    const ends = [59, 200, 90, 30, 150, 500];
    for (const some of [ends, ends.toReversed(), ends.toSorted((a, b) => a - b)])
      expect(troublesOf([halted(), ...some.map((minutes) => verifiedAfter(minutes))])).toMatchObject([
        { ended: 'halted', restoredMs: (90 - 60) * minute },
      ]);
  });

  it('is what was verified in the very moment in which the failure was over', () => {
    expect(troublesOf([halted(), verifiedAfter(60)])).toMatchObject([{ restoredMs: 0 }]);
  });

  it('is of its own lane, and of each failure by itself', () => {
    const elsewhere = verifiedAfter(70, { environment: 'staging' });
    const later = { ...halted(), askedAt: monday + 110 * minute, endedAt: monday + 120 * minute, stages: [] };
    expect(
      troublesOf([halted(), elsewhere, verifiedAfter(90), later, verifiedAfter(125)]).map((one) => one.restoredMs),
    ).toEqual([5 * minute, 30 * minute]);
  });
});

describe('a release that was put back twice', () => {
  it('counts once, from the first order on and until that was done', () => {
    const good = aRun();
    const first = aRollback(good, 90, { summary: 'too slow' });
    const second = aRollback(good, 300, { summary: 'the other region too', endedAt: monday + 900 * minute });
    for (const runs of [
      [good, first, second],
      [second, first, good],
    ])
      expect(troublesOf(runs)).toMatchObject([
        { ended: 'put-back', cause: 'too slow', at: monday + 90 * minute, restoredMs: 5 * minute },
      ]);
  });
});

describe('what ended before it had changed anything', () => {
  it('has failed by its own fault, and not because somebody wanted it so', () => {
    const ends = ['rejected', 'superseded', 'expired', 'aborted', 'failed'];
    const runs = ends.map((outcome) => aRun({ outcome }));
    const { failed } = doraOf({ runs, troubles: troublesOf(runs), weeks: 1 });
    expect(failed).toMatchObject({ changed: 0, count: 0, endedBefore: 1 });
  });
});

describe('a target that more and more time is taken of', () => {
  const oneRegion = (...halves: [older: number, newer: number]) => {
    const runs = halves.flatMap((minutes, half) =>
      Array.from({ length: 4 }, () =>
        aRun({ askedAt: monday + 3 * half * weekMs, regions: { de: [0, minutes] }, stages: [['deploying', minutes]] }),
      ),
    );
    return measureTargets(runs, weeksBetween(monday, monday + 4 * weekMs)).find(({ name }) => name === 'one-region');
  };

  it('holds as long as it is far from its limit', () => {
    expect(oneRegion(4, 7)).toMatchObject({ state: 'holds', trend: 'growing', medianMs: 5.5 * minute });
    expect(oneRegion(7.5, 8.5)).toMatchObject({ state: 'holds', trend: 'growing', medianMs: 8 * minute });
  });

  it('slips once it is near it, and holds there where it takes less and less', () => {
    expect(oneRegion(7.5, 8.75)).toMatchObject({ state: 'slips', trend: 'growing', met: 1 });
    expect(oneRegion(8.75, 7.5)).toMatchObject({ state: 'holds', trend: 'falling' });
  });
});

describe('the way of a commit', () => {
  it('takes no time before it was asked for where the clock of whoever made it was ahead', () => {
    const run = aRun({ committed: -45 });
    expect(commitToProduction(run)).toMatchObject({ beforeMs: 0, machinesMs: 16 * minute });
  });

  it('takes no time by the records where one clock says that it was over before it was asked for', () => {
    const run = aRun({ committed: 5, more: { askedAt: monday + 60 * minute } });
    expect(commitToProduction(run)).toEqual({ beforeMs: 65 * minute, machinesMs: 0, peopleMs: 0, laneMs: 0 });
  });
});
