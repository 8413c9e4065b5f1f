import type { Insights, TargetMeasure, WeekMeasure, WeekNumber } from '../../../domain/contract/insights.ts';
import { briefly, metInWords } from '../../../domain/insights/words.ts';
import { weekMs, weekOf } from '../../../domain/insights/weeks.ts';
import type { Named } from './address.ts';
import type { Shown } from './states.ts';

/** How many weeks each period has, this one too. */
export const ranges = { '4w': 4, quarter: 13, year: 52 } as const;
export type Range = keyof typeof ranges;

export const rangeTitles: Record<Range, string> = { '4w': '4 weeks', quarter: 'Quarter', year: 'Year' };

/** Of an address: what is none of them is the usual one. */
export function rangeOf({ range }: Named): Range {
  return range !== undefined && Object.hasOwn(ranges, range) ? (range as Range) : 'quarter';
}

/** What the gateway is asked, in whole weeks: the same all week long. */
export function insightsQuery(search: Named, now: number): string {
  const { service, environment } = search;
  const since = weekOf(now) - (ranges[rangeOf(search)] - 1) * weekMs;
  return new URLSearchParams({
    ...(service !== undefined && { service }),
    ...(environment !== undefined && { environment }),
    since: String(since),
  }).toString();
}

/** `5 Jan`, of a Monday in UTC. */
export function weekTitle(from: number): string {
  return new Date(from).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

const ofState: Record<TargetMeasure['state'], Pick<Shown, 'icon' | 'tone'>> = {
  holds: { icon: 'pass', tone: 'good' },
  slips: { icon: 'warn', tone: 'ask' },
  missed: { icon: 'cross', tone: 'stop' },
  'no-data': { icon: 'unknown', tone: 'mute' },
  'not-measured': { icon: 'unknown', tone: 'mute' },
};

export function shownTarget(target: TargetMeasure): Shown {
  return {
    ...((ofState as Partial<typeof ofState>)[target.state] ?? ofState['no-data']),
    word: metInWords(target),
  };
}

/** Points of a small line in a box of 100 by 36; none where two weeks are not there. `limit`: what is drawn beside it. */
export function trendPoints(values: readonly WeekNumber[], limit?: number): { line: string; limitY?: number } {
  if (values.length < 2) return { line: '' };
  const [first, last] = [values[0]!.from, values.at(-1)!.from];
  const top = Math.max(...values.map(({ value }) => value), limit ?? 0) || 1;
  const y = (value: number) => 34 - (32 * value) / top;
  const line = values
    .map(({ from, value }) => `${((100 * (from - first)) / (last - first)).toFixed(1)},${y(value).toFixed(1)}`)
    .join(' ');
  return { line, ...(limit !== undefined && { limitY: y(limit) }) };
}

/** A week as a bar of the chart: minutes of each part, lowest first. */
export interface Bar {
  from: number;
  count: number;
  parts: { kind: 'before' | 'machines' | 'lane' | 'people'; ms: number }[];
  ms: number;
}

export function barsOf(weeks: readonly WeekMeasure[]): Bar[] {
  return weeks.map(({ from, count, beforeMs = 0, machinesMs = 0, laneMs = 0, peopleMs = 0 }) => {
    const parts = [
      { kind: 'before' as const, ms: beforeMs },
      { kind: 'machines' as const, ms: machinesMs },
      { kind: 'lane' as const, ms: laneMs },
      { kind: 'people' as const, ms: peopleMs },
    ].filter(({ ms }) => ms > 0);
    return { from, count, parts, ms: parts.reduce((sum, { ms }) => sum + ms, 0) };
  });
}

/** What the chart shows, in a sentence. */
export function chartInWords(weeks: readonly WeekMeasure[]): string {
  const shown = weeks.filter(({ count }) => count > 0);
  if (shown.length === 0) return 'Commit to production: no week has a release to show';
  const between = (of: (week: WeekMeasure) => number) => {
    const all = shown.map(of);
    return `between ${briefly(Math.min(...all))} and ${briefly(Math.max(...all))}`;
  };
  const machines = between(({ beforeMs = 0, machinesMs = 0 }) => beforeMs + machinesMs);
  const waiting = between(({ peopleMs = 0, laneMs = 0 }) => peopleMs + laneMs);
  return `Commit to production per week, medians, in ${shown.length} of ${weeks.length} weeks: machines and what passes before ${machines}, waiting ${waiting}`;
}

/** Steps of an axis in minutes: four or five, each a round number. */
export function ticksTo(mostMs: number): number[] {
  const minutes = Math.max(1, mostMs / 60_000);
  const rough = minutes / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((by) => by * power).find((by) => by >= rough) ?? rough;
  const whole = Math.max(1, Math.round(step));
  return Array.from({ length: Math.floor(minutes / whole) + 1 }, (_, nth) => nth * whole);
}

/** From when on there is something to show. */
export function emptyWords({ lookedAt, firstAt }: Insights): string | undefined {
  if (firstAt === undefined)
    return 'Nothing was released in these weeks. From the first release that ends verified this page shows how long it took; from the second week on, how that changes.';
  return lookedAt < 5
    ? 'These are few: medians of fewer than five releases say little. With three in each half of the weeks the page says whether a target grows.'
    : undefined;
}
