import type { TargetMeasure, TargetName, TargetState, WeekMeasure } from '../contract/insights.ts';
import type { Millis } from '../contract/release.ts';
import { allRegions, commitToProduction, isVerified, judged, regionDurations, verifiedAt } from './durations.ts';
import { having, median, share } from './numbers.ts';
import type { RunFacts } from './run-facts.ts';
import { nearLimit, timeTargets, wantedShare } from './targets.ts';
import { perWeek, weekOf } from './weeks.ts';

interface Timed {
  at: Millis;
  ms: number;
}

/** The five, in their order. Releases that did not go to their end are in none of them. */
export function measureTargets(runs: readonly RunFacts[], weeks: readonly Millis[]): TargetMeasure[] {
  const verified = runs.filter(isVerified);
  const each = (durations: (run: RunFacts) => readonly number[]): Timed[] =>
    verified.flatMap((run) => durations(run).map((ms) => ({ at: endOf(run), ms })));
  const ways = each((run) => listed(commitToProduction(run), judged));
  const measured: Partial<Record<TargetName, { timed: Timed[]; leftOut: number }>> = {
    'one-region': { timed: each((run) => regionDurations(run).map(({ ms }) => ms)), leftOut: 0 },
    'all-regions': { timed: each((run) => listed(allRegions(run), ({ machinesMs }) => machinesMs)), leftOut: 0 },
    'commit-to-production': { timed: ways, leftOut: verified.length - ways.length },
  };
  return (Object.keys(timeTargets) as TargetName[]).map((name) => {
    const { timed = [], leftOut = 0 } = measured[name] ?? {};
    return { ...measureOf(name, timed, weeks), ...(leftOut > 0 && { leftOut }) };
  });
}

const listed = <One>(one: One | undefined, number: (one: One) => number): number[] =>
  one === undefined ? [] : [number(one)];

/** By when it was verified; a run whose stages were not kept, by its end. */
export function endOf(run: RunFacts): Millis {
  return verifiedAt(run) ?? run.endedAt ?? run.askedAt;
}

function measureOf(name: TargetName, timed: readonly Timed[], weeks: readonly Millis[]): TargetMeasure {
  const { limitMs, unseen } = timeTargets[name];
  const values = timed.map(({ ms }) => ms);
  const [medianMs, met] = [median(values), share(values.filter((ms) => ms < limitMs).length, values.length)];
  const trend = trendOf(timed, weeks);
  return {
    name,
    state: unseen === undefined ? stateOf({ medianMs, met, trend, limitMs }) : 'not-measured',
    limitMs,
    count: values.length,
    ...having('medianMs', medianMs),
    ...having('met', met),
    ...(trend && { trend }),
    weeks: perWeek(timed, { at: ({ at }) => at, value: (those) => median(those.map(({ ms }) => ms)) }).map(
      ({ from, value: ms }) => ({ from, ms }),
    ),
  };
}

interface Judged {
  medianMs: number | undefined;
  met: number | undefined;
  trend: TargetMeasure['trend'];
  limitMs: number;
}

function stateOf({ medianMs, met, trend, limitMs }: Judged): TargetState {
  if (medianMs === undefined || met === undefined) return 'no-data';
  if (medianMs >= limitMs) return 'missed';
  const isComingNear = trend === 'growing' && medianMs > nearLimit * limitMs;
  return met < wantedShare || isComingNear ? 'slips' : 'holds';
}

/** So many in each half of the weeks, or nothing is said; and so much apart, or it is steady. */
const fewest = 3;
const apart = 0.1;

/** Medians of the two halves of the weeks. */
function trendOf(timed: readonly Timed[], weeks: readonly Millis[]): TargetMeasure['trend'] {
  const middle = weeks[Math.ceil(weeks.length / 2)];
  if (middle === undefined) return undefined;
  const [older = [], newer = []] = [timed.filter(({ at }) => at < middle), timed.filter(({ at }) => at >= middle)];
  const [before, after] = [median(older.map(({ ms }) => ms)), median(newer.map(({ ms }) => ms))];
  if (before === undefined || after === undefined || Math.min(older.length, newer.length) < fewest) return undefined;
  if (after > before * (1 + apart)) return 'growing';
  return after < before * (1 - apart) ? 'falling' : 'steady';
}

/** Every week, with those that have nothing: of each part its own median. */
export function measureWeeks(runs: readonly RunFacts[], weeks: readonly Millis[]): WeekMeasure[] {
  const byWeek = Map.groupBy(runs.filter(isVerified), (run) => weekOf(endOf(run)));
  return weeks.map((from) => {
    const verified = byWeek.get(from) ?? [];
    const ways = verified.flatMap((run) => commitToProduction(run) ?? []);
    return {
      from,
      verified: verified.length,
      count: ways.length,
      ...having('beforeMs', median(ways.map(({ beforeMs }) => beforeMs))),
      ...having('machinesMs', median(ways.map(({ machinesMs }) => machinesMs))),
      ...having('peopleMs', median(ways.map(({ peopleMs }) => peopleMs))),
      ...having('laneMs', median(ways.map(({ laneMs }) => laneMs))),
    };
  });
}
