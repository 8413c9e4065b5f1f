import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  allRegions,
  commitToProduction,
  judged,
  regionDurations,
  verifiedAt,
} from '../../../domain/insights/durations.ts';
import { partsOf } from '../../../domain/insights/parts.ts';
import { failureDetails } from '../../../domain/errors/catalogue.ts';
import { factsOf } from '../../../domain/insights/run-facts.ts';
import { stages } from '../../../domain/contract/status.ts';
import { aRun, minute, monday } from './builders.ts';

const inMinutes = (parts: object) => Object.fromEntries(Object.entries(parts).map(([name, ms]) => [name, ms / minute]));

describe('how long a release took', () => {
  it('is told apart by who was at work, or was waited for', () => {
    const way = commitToProduction(aRun())!;
    expect(inMinutes(way)).toEqual({ beforeMs: 5, machinesMs: 16, peopleMs: 6, laneMs: 2 });
    expect(judged(way)).toBe(21 * minute);
  });

  it('is of each region without the time in which people were asked what to do', () => {
    const run = aRun({
      stages: [
        ['deploying', 5],
        ['held', 30],
        ['deploying', 5],
        ['verifying', 1],
      ],
      regions: { de: [0, 4], nl: [4, 40] },
    });
    expect(regionDurations(run).map(({ region, ms }) => [region, ms / minute])).toEqual([
      ['de', 4],
      ['nl', 6],
    ]);
    expect(inMinutes(allRegions(run)!)).toEqual({ machinesMs: 11, peopleMs: 30, laneMs: 0 });
  });

  it('is not that of all regions where one alone was changed, or their times are not on record', () => {
    expect(allRegions(aRun({ regions: { de: [12, 16] } }))).toBeUndefined();
    const run = aRun();
    const untimed = run.regions.map(({ region, phase }) => ({ region, phase }));
    expect(allRegions({ ...run, regions: untimed })).toBeUndefined();
    expect(regionDurations({ ...run, regions: untimed })).toEqual([]);
  });

  it('is of no release that was not verified, nor of a rollback', () => {
    for (const run of [
      aRun({ outcome: 'rolled-back' }),
      aRun({ outcome: 'new-word' }),
      aRun({ more: { undoes: 'x' } }),
    ]) {
      expect(verifiedAt(run)).toBeUndefined();
      expect(regionDurations(run)).toEqual([]);
      expect(commitToProduction(run)).toBeUndefined();
    }
  });

  it('is not from the commit where nobody knows its time; and at once where its clock was ahead', () => {
    expect(commitToProduction(aRun({ committed: undefined }))).toBeUndefined();
    expect(commitToProduction(aRun({ committed: -30 }))).toMatchObject({ beforeMs: 0 });
  });

  it('ends with the last look at all regions, or with the last region where that was not kept', () => {
    expect(verifiedAt(aRun())).toBe(monday + 24 * minute);
    expect(verifiedAt(aRun({ stages: [['deploying', 30]] }))).toBe(monday + 22 * minute);
  });

  it('takes apart any time into parts that are all of it', () => {
    const span = fc.record({ stage: fc.constantFrom(...stages), minutes: fc.integer({ min: 0, max: 500 }) });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 20 }), fc.nat(2_000), fc.nat(2_000), (all, one, other) => {
        const run = aRun({ askedAt: 0, stages: all.map(({ stage, minutes }) => [stage, minutes] as const) });
        const [from, to] = [Math.min(one, other) * minute, Math.max(one, other) * minute];
        const { machinesMs, peopleMs, laneMs } = partsOf(run.stages, from, to);
        expect(machinesMs + peopleMs + laneMs).toBe(to - from);
        expect(Math.min(machinesMs, peopleMs, laneMs)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('what a run has told of its stages', () => {
  it('is read without the last one, and with ends where they were left out', () => {
    const timings = [
      { stage: 'building', startedAt: 1 },
      { stage: 'deploying', startedAt: 5, endedAt: 3 },
      { stage: 'done', startedAt: 9 },
    ] as const;
    expect(factsOf({ timings: [...timings], regions: [] }).stages).toEqual([
      { stage: 'building', from: 1, to: 5 },
      { stage: 'deploying', from: 5, to: 5 },
    ]);
  });

  it('is kept in bounds, whatever somebody has written', () => {
    const long = 'x'.repeat(100_000);
    const timings = Array.from({ length: 10_000 }, (_, at) => ({ stage: 'held' as const, startedAt: at }));
    const region = { region: long, phase: 'verified', components: [] } as const;
    const failure = { ...failureDetails('SLIP-K8S-1', long), code: long } as never;
    const kept = factsOf({
      timings,
      regions: Array.from({ length: 10_000 }, () => ({ ...region, components: [] })),
      failure,
    });
    expect(kept.failure?.words).toHaveLength(500);
    expect(JSON.stringify(kept).length).toBeLessThan(50_000);
  });
});
