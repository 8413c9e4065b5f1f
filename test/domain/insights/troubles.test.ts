import { describe, expect, it } from '@jest/globals';
import { doraOf } from '../../../domain/insights/dora.ts';
import { troublesOf } from '../../../domain/insights/troubles.ts';
import type { RunFacts } from '../../../domain/insights/run-facts.ts';
import { aRollback, aRun, minute, monday } from './builders.ts';

const failure = { code: 'SLIP-K8S-1', words: 'region nl has no CHECKOUT_URL' };
const wentBack = (more: Partial<RunFacts> = {}) =>
  aRun({
    outcome: 'rolled-back',
    stages: [
      ['building', 4],
      ['deploying', 6],
      ['held', 9],
      ['rolling-back', 3],
    ],
    more: { failure, ...more },
  });
const halted = () =>
  aRun({
    outcome: 'halted',
    stages: [
      ['deploying', 5],
      ['rolling-back', 5],
    ],
  });
const dora = (runs: RunFacts[]) =>
  doraOf({ runs: runs.filter(({ undoes }) => undoes === undefined), troubles: troublesOf(runs), weeks: 2 });

describe('what failed in front of people', () => {
  it('is a release that went back: from when it was held until it was back, people’s part apart', () => {
    expect(troublesOf([wentBack(), aRun()])).toMatchObject([
      {
        ...{ ended: 'rolled-back', code: 'SLIP-K8S-1', cause: failure.words, regions: ['de', 'nl'] },
        ...{ at: monday + 10 * minute, restoredMs: 12 * minute, peopleMs: 9 * minute },
      },
    ]);
  });

  it('is one that halted, until a later release is verified in its lane, or it is rolled back', () => {
    const stopped = halted();
    expect(troublesOf([stopped])).toMatchObject([{ ended: 'halted' }]);
    expect(troublesOf([stopped])[0]).not.toHaveProperty('restoredMs');
    const later = aRun({ askedAt: monday + 60 * minute });
    expect(troublesOf([stopped, later])).toMatchObject([{ restoredMs: (60 + 24 - 5) * minute }]);
    expect(troublesOf([stopped, later, aRollback(stopped, 20)])).toMatchObject([{ restoredMs: 20 * minute }]);
    const elsewhere = { ...later, service: 'checkout' };
    expect(troublesOf([stopped, elsewhere])[0]).not.toHaveProperty('restoredMs');
  });

  it('is one that was verified and put back later, from the order on, in its words', () => {
    const good = aRun();
    expect(troublesOf([good, aRollback(good, 90)])).toMatchObject([
      { releaseId: good.runId, ended: 'put-back', cause: 'too slow', restoredMs: 5 * minute, at: monday + 90 * minute },
    ]);
    expect(troublesOf([good, aRollback(good, 90, { outcome: 'aborted' })])).toEqual([]);
  });

  it('is one that was unproven and put back later', () => {
    const unproven = aRun({ outcome: 'unproven' });
    const runs = [unproven, aRollback(unproven, 90)];
    expect(troublesOf(runs)).toMatchObject([{ releaseId: unproven.runId, ended: 'put-back', restoredMs: 5 * minute }]);
    expect(dora(runs).failed).toMatchObject({ changed: 1, count: 1, share: 1, putBackLater: 1 });
  });

  it.each(['halted', 'failed', undefined])(
    'is one whose rollback was ordered and ended %s: not restored',
    (outcome) => {
      const good = aRun();
      const runs = [good, { ...aRollback(good, 90), outcome } as RunFacts];
      const [trouble] = troublesOf(runs);
      expect(trouble).toMatchObject({ releaseId: good.runId, ended: 'ordered-back', at: monday + 90 * minute });
      expect(trouble).not.toHaveProperty('restoredMs');
      expect(dora(runs)).toMatchObject({ failed: { changed: 1, count: 1, putBackLater: 1 }, restore: { notYet: 1 } });
    },
  );

  it('is restored by the rollback that is done, or by a release after one in vain, from the first order on', () => {
    const good = aRun();
    const inVain = aRollback(good, 90, { outcome: 'halted' });
    expect(troublesOf([good, inVain, aRollback(good, 120)])).toMatchObject([
      { ended: 'put-back', at: monday + 90 * minute, restoredMs: 35 * minute },
    ]);
    const later = aRun({ askedAt: monday + 120 * minute });
    expect(troublesOf([good, inVain, later])).toMatchObject([{ ended: 'ordered-back', restoredMs: 54 * minute }]);
  });

  it('finds when a lane was well again without looking at all of it for each', () => {
    let looked = 0;
    const counting = (run: RunFacts): RunFacts => ({
      ...run,
      get stages() {
        looked += 1;
        return run.stages;
      },
    });
    const runs = Array.from({ length: 600 }, (_, nth) => {
      const askedAt = monday + nth * 60 * minute;
      return counting(
        nth % 2 === 0 ? aRun({ askedAt, outcome: 'halted', stages: [['deploying', 5]] }) : aRun({ askedAt }),
      );
    });
    const troubles = troublesOf(runs);
    expect(troubles).toHaveLength(300);
    expect(new Set(troubles.map(({ restoredMs }) => restoredMs))).toEqual(new Set([(60 + 24 - 5) * minute]));
    expect(looked).toBeLessThan(10 * runs.length);
  });

  it('is one that was held on its way and verified all the same', () => {
    const stages = [
      ['deploying', 5],
      ['held', 20],
      ['deploying', 5],
      ['verifying', 1],
    ] as const;
    expect(troublesOf([aRun({ stages })])).toMatchObject([
      { ended: 'held', restoredMs: 26 * minute, peopleMs: 20 * minute },
    ]);
  });

  it('is not what was held, failed or was turned down before it had changed anything', () => {
    const early = [
      ['building', 5],
      ['held', 20],
      ['deploying', 5],
      ['verifying', 1],
    ] as const;
    const ends = ['failed', 'rejected', 'expired', 'superseded', 'aborted', 'unproven'];
    expect(troublesOf([aRun({ stages: early }), ...ends.map((outcome) => aRun({ outcome }))])).toEqual([]);
  });

  it('is an end that only newer versions know: never taken for well', () => {
    expect(troublesOf([aRun({ outcome: 'sunk' })])).toMatchObject([{ ended: 'other' }]);
  });
});

describe('the four of DORA', () => {
  it('are counted of releases: deployments, lead time, those that failed, and how long it took to restore', () => {
    const putBack = aRun();
    const runs = [aRun(), aRun(), putBack, aRollback(putBack, 90), wentBack(), aRun({ outcome: 'failed' })];
    expect(dora(runs)).toMatchObject({
      deployments: { count: 3, perWeek: 1.5 },
      leadTime: { count: 3, medianMs: 21 * minute, waitedMs: 8 * minute },
      failed: { changed: 4, count: 2, share: 0.5, putBackLater: 1, endedBefore: 1 },
      restore: { count: 2, medianMs: 8.5 * minute, notYet: 0 },
    });
  });

  it('say what is not restored, and no share of nothing', () => {
    expect(dora([halted()])).toMatchObject({ failed: { share: 1 }, restore: { count: 0, notYet: 1 } });
    expect(dora([aRun({ outcome: 'rejected' })]).failed).not.toHaveProperty('share');
  });
});
