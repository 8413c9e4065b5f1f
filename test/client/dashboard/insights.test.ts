import { describe, expect, it } from '@jest/globals';
import {
  barsOf,
  chartInWords,
  emptyWords,
  insightsQuery,
  rangeOf,
  shownTarget,
  ticksTo,
  trendPoints,
  weekTitle,
} from '../../../client/dashboard/words/insights.ts';
import { namesIn } from '../../../client/dashboard/words/lane-names.ts';
import { insightsExample } from '../../../client/gateway/openapi/insights-example.ts';
import type { TargetMeasure } from '../../../domain/contract/insights.ts';

const minute = 60_000;
const monday = Date.UTC(2026, 10, 30);

describe('what insights are asked for', () => {
  it('stands in the address, and is in whole weeks', () => {
    const asked = (search: Record<string, string>) =>
      Object.fromEntries(new URLSearchParams(insightsQuery(search, monday + 5 * 86_400_000)));
    expect(asked({ range: '4w', service: 'shop' })).toEqual({ service: 'shop', since: String(Date.UTC(2026, 10, 9)) });
    expect(asked({}).since).toBe(String(Date.UTC(2026, 8, 7)));
    expect(asked({ environment: 'staging', range: 'year' })).toMatchObject({ environment: 'staging' });
    expect(rangeOf({ range: 'toString' })).toBe('quarter');
  });

  it('is chosen among lanes that somebody may look at', () => {
    const grants = ['b', 'a', 'b'].map((service) => ({ service, environment: 'production', may: [] }));
    expect(namesIn(grants, 'service')).toEqual(['a', 'b']);
  });
});

describe('a target on the page', () => {
  it('has a sign and words, and is never green where it is not measured', () => {
    const shown = insightsExample.targets.map(shownTarget);
    expect(shown.map(({ tone, word }) => [tone, word])).toEqual([
      ['mute', 'not measured: CI is not run by Slipway here'],
      ['mute', 'not measured: CI is not run by Slipway here'],
      ['good', 'met by 100 %'],
      ['good', 'met by 100 %'],
      ['good', 'met by 100 %'],
    ]);
  });

  it('of a newer gateway is shown, and not as well', () => {
    const newer = { name: 'first-user', state: 'dreamt', limitMs: 1, count: 0, weeks: [] } as unknown as TargetMeasure;
    expect(shownTarget(newer)).toMatchObject({ tone: 'mute', word: 'nothing to count yet' });
  });
});

describe('charts', () => {
  it('have a bar for each week, its parts on each other', () => {
    const weeks = [
      { from: monday, verified: 2, count: 1, beforeMs: 5, machinesMs: 10, peopleMs: 7, laneMs: 0 },
      { from: monday + 1, verified: 0, count: 0 },
    ];
    expect(barsOf(weeks)).toMatchObject([
      { ms: 22, parts: [{ kind: 'before' }, { kind: 'machines' }, { kind: 'people' }] },
      { ms: 0, parts: [] },
    ]);
  });

  it('are told in a sentence', () => {
    expect(chartInWords(insightsExample.weeks)).toBe(
      'Commit to production per week, medians, in 1 of 1 weeks: machines and what passes before between 34 min and 34 min, waiting between 6 min 00 s and 6 min 00 s',
    );
    expect(chartInWords([])).toContain('no week has a release');
  });

  it.each([
    [60 * minute, [0, 20, 40, 60]],
    [130 * minute, [0, 50, 100]],
    [0, [0, 1]],
    [7 * minute, [0, 2, 4, 6]],
  ])('of %i ms have round steps', (most, ticks) => expect(ticksTo(most)).toEqual(ticks));

  it('have a line from two weeks on, with their limit', () => {
    expect(trendPoints([{ from: 1, value: 1 }]).line).toBe('');
    const two = trendPoints(
      [
        { from: 0, value: 5 },
        { from: 10, value: 10 },
      ],
      20,
    );
    expect(two).toEqual({ line: '0.0,26.0 100.0,18.0', limitY: 2 });
    expect(
      trendPoints([
        { from: 0, value: 0 },
        { from: 10, value: 0 },
      ]).line,
    ).toBe('0.0,34.0 100.0,34.0');
  });

  it('name weeks by their Monday, wherever somebody reads', () => expect(weekTitle(monday)).toBe('30 Nov'));
});

describe('few releases', () => {
  it('are said to be few, and none what will be there', () => {
    expect(emptyWords(insightsExample)).toContain('These are few');
    const { firstAt: _first, ...none } = insightsExample;
    expect(emptyWords({ ...none, lookedAt: 0 })).toContain('From the first release');
    expect(emptyWords({ ...insightsExample, lookedAt: 5 })).toBeUndefined();
  });
});
