import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { approvalsOf } from '../../../domain/insights/approvals.ts';
import { insightsOf } from '../../../domain/insights/insights.ts';
import { measureTargets, measureWeeks } from '../../../domain/insights/measures.ts';
import { median, quantile } from '../../../domain/insights/numbers.ts';
import { slowestSteps } from '../../../domain/insights/steps.ts';
import { weekMs, weekOf, weeksBetween } from '../../../domain/insights/weeks.ts';
import { aRun, minute, monday } from './builders.ts';

const weeks = weeksBetween(monday, monday + 4 * weekMs);
const target = (runs: ReturnType<typeof aRun>[], name: string) =>
  measureTargets(runs, weeks).find((one) => one.name === name)!;
/** All in one region, in so many minutes, in the week that is named. */
const inMinutes = (minutes: number, week = 0) =>
  aRun({ askedAt: monday + week * weekMs, regions: { de: [0, minutes] }, stages: [['deploying', minutes]] });

describe('a time target', () => {
  it.each([
    ['holds', [5, 6, 7], { medianMs: 6 * minute, met: 1 }],
    ['slips', [5, 6, 7, 12], { medianMs: 6.5 * minute, met: 0.75 }],
    ['missed', [5, 12, 13], { medianMs: 12 * minute, met: 1 / 3 }],
    ['missed', [10], { medianMs: 10 * minute, met: 0 }],
  ])('%s with %j min of 10', (state, minutes, told) => {
    expect(
      target(
        minutes.map((one) => inMinutes(one)),
        'one-region',
      ),
    ).toMatchObject({ state, ...told });
  });

  it('slips while most are in time, where it comes near its limit and grows', () => {
    const runs = [5, 5, 5].map((one) => inMinutes(one, 0)).concat([9, 9, 9, 9].map((one) => inMinutes(one, 3)));
    expect(target(runs, 'one-region')).toMatchObject({ state: 'slips', trend: 'growing', met: 1 });
    expect(target([...runs].slice(3), 'one-region')).not.toHaveProperty('trend');
  });

  it('says of how many it knows too little, and nothing where there is nothing', () => {
    expect(target([aRun(), aRun({ committed: undefined })], 'commit-to-production')).toMatchObject({
      count: 1,
      leftOut: 1,
    });
    expect(target([], 'one-region')).toEqual({
      ...{ name: 'one-region', state: 'no-data', limitMs: 10 * minute, count: 0, weeks: [] },
    });
  });

  it('is not measured where nothing on record tells it, whatever was released', () => {
    for (const name of ['first-test', 'ci'])
      expect(target([aRun()], name)).toMatchObject({ state: 'not-measured', count: 0 });
  });
});

describe('weeks', () => {
  it('begin on Monday, at midnight in UTC, and each has its medians', () => {
    expect(new Date(weekOf(monday)).toISOString()).toBe('2026-11-30T00:00:00.000Z');
    const told = measureWeeks([aRun(), aRun(), aRun({ askedAt: monday + 2 * weekMs, committed: undefined })], weeks);
    expect(told).toHaveLength(5);
    expect(told[0]).toMatchObject({
      verified: 2,
      count: 2,
      beforeMs: 5 * minute,
      peopleMs: 6 * minute,
      laneMs: 2 * minute,
    });
    expect(told[1]).toEqual({ from: weekOf(monday) + weekMs, verified: 0, count: 0 });
    expect(told[2]).toMatchObject({ verified: 1, count: 0 });
  });

  it('hold every time, in one of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 4e12 }), (at) => {
        const week = weekOf(at);
        expect(at - week).toBeGreaterThanOrEqual(0);
        expect(at - week).toBeLessThan(weekMs);
        expect(new Date(week).getUTCDay()).toBe(1);
        expect(weekOf(week)).toBe(week);
      }),
    );
  });
});

describe('medians', () => {
  it('have as many on each side, whatever there is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }), (values) => {
        const middle = median(values)!;
        expect(values.filter((one) => one < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((one) => one > middle).length).toBeLessThanOrEqual(values.length / 2);
        const most = quantile(values, 0.9)!;
        expect(values.filter((one) => one <= most).length).toBeGreaterThanOrEqual(0.9 * values.length);
      }),
    );
    expect([median([]), quantile([], 0.5)]).toEqual([undefined, undefined]);
  });
});

describe('the slowest steps', () => {
  it('are those of machines, each once in a release, with regions by themselves', () => {
    const run = aRun({
      stages: [
        ['deploying', 3],
        ['awaiting-approval', 60],
        ['deploying', 4],
        ['recording', 0],
      ],
      regions: { de: [0, 3], nl: [50, 67] },
    });
    const told = slowestSteps([run, aRun({ outcome: 'rolled-back' })]);
    expect(told.map(({ kind, name, medianMs }) => [kind, name, medianMs / minute])).toEqual([
      ['stage', 'deploying', 7],
      ['region', 'nl', 4],
      ['region', 'de', 3],
    ]);
  });
});

describe('the time to the last yes', () => {
  it('is that of plans that were approved, each of them', () => {
    const waits = (minutes: number) =>
      [
        ['awaiting-approval', minutes],
        ['deploying', 1],
      ] as const;
    const runs = [
      aRun({ stages: waits(4) }),
      aRun({ stages: [...waits(10), ...waits(90)] }),
      aRun({ stages: waits(300), outcome: 'rolled-back' }),
      aRun({ stages: [['awaiting-approval', 1]], outcome: 'rejected' }),
    ];
    const { count, medianMs, buckets } = approvalsOf(runs);
    expect({ count, medianMs }).toEqual({ count: 4, medianMs: 50 * minute });
    expect(buckets.map((one) => one.count)).toEqual([1, 1, 0, 1, 1]);
  });
});

describe('insights', () => {
  it('of no release say so in every part', () => {
    const told = insightsOf([], { since: monday, until: monday + weekMs, counted: 'all' });
    expect(told).toMatchObject({ lookedAt: 0, services: 0, steps: [], troubles: [], approvals: { count: 0 } });
    expect(told).not.toHaveProperty('firstAt');
    expect(told.weeks).toHaveLength(2);
    expect(told.dora.deployments.perWeek).toBe(0);
  });

  const year = { since: monday - 48 * weekMs, counted: 'all' } as const;
  const until = weekOf(monday) + 2 * weekMs;

  it('count a week as one of those since the first release that was looked at', () => {
    const runs = Array.from({ length: 8 }, () => aRun({ askedAt: weekOf(monday) }));
    for (const more of [{}, { more: true }] as const) {
      const { dora, weeks: told } = insightsOf(runs, { ...year, until, ...more });
      expect(dora.deployments).toMatchObject({ count: 8, perWeek: 4 });
      expect(told.map(({ from }) => from)).toEqual([weekOf(monday), weekOf(monday) + weekMs]);
    }
  });

  it('take no hour for a week, unless there are more than were looked at', () => {
    const runs = [aRun({ askedAt: until - weekMs / 14 }), aRun({ askedAt: until - weekMs / 14 })];
    const perWeek = (more: { more?: true }) => insightsOf(runs, { ...year, until, ...more }).dora.deployments.perWeek;
    expect(perWeek({})).toBe(2);
    expect(perWeek({ more: true })).toBe(28);
  });
});
