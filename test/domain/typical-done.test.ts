import { describe, expect, it } from '@jest/globals';
import type { StageTiming } from '../../domain/contract/status.ts';
import { typicalOf } from '../../domain/typical.ts';

describe('how long releases usually take', () => {
  it('is told of no stage that is the end of them', () => {
    const timings: StageTiming[] = [
      { stage: 'building', startedAt: 0, endedAt: 10 },
      { stage: 'done', startedAt: 10, endedAt: 12 },
    ];
    expect(typicalOf([timings]).stages).toEqual([{ stage: 'building', medianMs: 10, runs: 1 }]);
  });
});
