import { describe, expect, it } from '@jest/globals';
import type { StageTiming } from '../../domain/contract/status.ts';
import { typicalOf } from '../../domain/typical.ts';

const stage = (name: StageTiming['stage'], startedAt: number, endedAt?: number): StageTiming => ({
  ...{ stage: name, startedAt },
  ...(endedAt !== undefined && { endedAt }),
});

describe('how long releases usually take', () => {
  it('is the median, which one that hung does not move', () => {
    const took = [10, 30, 20, 90_000].map((ms) => [stage('building', 5, 5 + ms)]);
    expect(typicalOf(took.slice(0, 3))).toMatchObject({
      runs: 3,
      stages: [{ stage: 'building', medianMs: 20, runs: 3 }],
    });
    expect(typicalOf(took)).toMatchObject({ stages: [{ medianMs: 25, runs: 4 }], wholeMs: 25 });
  });

  it('adds up a stage that a run was in twice, and leaves out what has not ended', () => {
    const run = [
      stage('building', 0, 10),
      stage('deploying', 10, 30),
      stage('building', 30, 35),
      stage('verifying', 35),
    ];
    expect(typicalOf([run])).toEqual({
      runs: 1,
      stages: [
        { stage: 'building', medianMs: 15, runs: 1 },
        { stage: 'deploying', medianMs: 20, runs: 1 },
      ],
      wholeMs: 35,
    });
  });

  it('is nothing where there was no run', () => {
    expect(typicalOf([])).toEqual({ runs: 0, stages: [] });
    expect(typicalOf([[]])).toEqual({ runs: 0, stages: [] });
  });
});
