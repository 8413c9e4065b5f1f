import { describe, expect, it } from '@jest/globals';
import { durationsOf } from '../../../client/dashboard/words/track.ts';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { Stage, StageTiming } from '../../../domain/contract/status.ts';

/** A release whose stages took so many seconds each. */
function aRelease(...took: (readonly [Stage, number])[]): ReleaseView {
  let at = 0;
  const timings = took.map(([stage, seconds]): StageTiming => ({
    stage,
    startedAt: at,
    endedAt: (at += seconds * 1_000),
  }));
  const releaseId = 'release/shop/production/c/1';
  return {
    ...{ releaseId, service: 'shop', environment: 'production', commit: 'c', branch: 'main', attempt: 1 },
    ...{ requestedBy: 'ann', startedAt: 0, endedAt: at, open: false, why: [] },
    status: {
      ...{ releaseId, stage: 'done', doing: '', artifacts: [], migrations: [], regions: [] },
      ...{ checks: [], timings, approvals: [], log: [] },
    },
  };
}

const usually = (stage: Stage, seconds: number) => ({
  runs: 9,
  stages: [{ stage, medianMs: seconds * 1_000, runs: 9 }],
});
const isSlow = (stage: Stage, seconds: number, usual: number) =>
  durationsOf(aRelease([stage, seconds]), 1_000_000, usually(stage, usual)).map((row) => row.isSlow);

describe('a stage', () => {
  it('is slower than usual where it took more than twice as long, and half a minute more', () => {
    expect(isSlow('building', 121, 60)).toEqual([true]);
  });

  it('is not slower than usual where it took a minute more, and not twice as long', () => {
    expect(isSlow('building', 660, 600)).toEqual([false]);
    expect(isSlow('building', 120, 60)).toEqual([false]);
  });

  it('is not slower than usual where it took many times as long, and some seconds more', () => {
    expect(isSlow('building', 32, 2)).toEqual([false]);
    expect(isSlow('building', 33, 2)).toEqual([true]);
  });

  it('is slower than usual by all its time, where a run was in it twice', () => {
    const twice = aRelease(['building', 70], ['verifying', 5], ['building', 60]);
    const rows = durationsOf(twice, 1_000_000, usually('building', 60));
    expect(rows.map(({ ms, isSlow: slow }) => [ms, slow])).toEqual([
      [130_000, true],
      [5_000, false],
    ]);
  });

  it('is not slower than usual where nobody knows what is usual, nor while people are waited for', () => {
    expect(durationsOf(aRelease(['building', 9_000]), 1_000_000, { runs: 0, stages: [] })[0]).toMatchObject({
      isSlow: false,
    });
    expect(isSlow('awaiting-approval', 9_000, 1)).toEqual([false]);
  });
});
