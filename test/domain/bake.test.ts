import { describe, expect, it } from '@jest/globals';
import { bakeOf, judgeBake, watchInWords } from '../../domain/bake.ts';
import type { BakeVerdict } from '../../domain/bake.ts';
import type { StageSpec } from '../../domain/contract/release.ts';
import { aWave } from './builders.ts';

const minute = 60_000;
const from = 1_000_000;

describe('how long a region bakes', () => {
  const stage = (apply: boolean, ...minutes: number[]): StageSpec => ({
    apply,
    observe: minutes.map((each) => ({ ...aWave(['de'], each * minute).stages[0]!.observe[0]! })),
  });

  it.each([
    ['not at all where its wave does not bake', [stage(true)], 0],
    ['as long as all its looks together', [stage(true, 10, 5)], 15],
    ['also in stages that only look', [stage(true, 10), stage(false, 5)], 15],
    ['since the last stage that puts something there', [stage(true, 10), stage(true, 5)], 5],
  ])('is %s', (_how, stages, minutes) => {
    const waves = [{ regions: ['de'], stages }, aWave(['nl'], 60 * minute)];
    expect(bakeOf({ waves }, 'de')).toBe(minutes * minute);
  });
});

describe('a bake', () => {
  const cases: [string, { bakeMs: number; now: number; seenAt?: number }, BakeVerdict][] = [
    ['is over with its time, and a look at its end', { bakeMs: minute, now: minute, seenAt: minute }, { kind: 'over' }],
    [
      'is over by a look that went by a clock a little ahead',
      { bakeMs: minute, now: minute, seenAt: minute - 10_000 },
      { kind: 'over' },
    ],
    ['is over with its time where no look can tell', { bakeMs: minute, now: minute }, { kind: 'over' }],
    [
      'is not over before',
      { bakeMs: 600 * minute, now: 125 * minute, seenAt: 125 * minute },
      {
        kind: 'bakes',
        leftMs: 475 * minute,
        words: `de bakes for 10 h, until ${new Date(from + 600 * minute).toISOString()}`,
      },
    ],
    [
      'is not over where nobody has looked at its end',
      { bakeMs: 90 * minute, now: 100 * minute, seenAt: minute },
      { kind: 'unwatched', words: 'de has not been seen well since its bake of 90 min was over' },
    ],
  ];
  it.each(cases)('%s', (_what, { bakeMs, now, seenAt }, wanted) => {
    const seen = seenAt === undefined ? {} : { seenAt: from + seenAt };
    expect(judgeBake({ region: 'de', bakeMs, from, ...seen }, from + now)).toEqual(wanted);
  });
});

describe('what a bake is called', () => {
  it('is that a region is watched, for how long, and how often somebody looks', () => {
    expect(watchInWords(['de', 'nl'], { forMs: 600_000, everyMs: 30_000 })).toBe(
      'watching de and nl for 10 min before it goes on, with a look every 30 s',
    );
  });

  it('has no looks that there are not, where it is over before the first of them', () => {
    expect(watchInWords(['de'], { forMs: 1_000, everyMs: 30_000 })).toBe('watching de for 1 s before it goes on');
  });
});
