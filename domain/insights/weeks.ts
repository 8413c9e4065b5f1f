import type { WeekNumber } from '../contract/insights.ts';
import type { Millis } from '../contract/release.ts';

const dayMs = 86_400_000;
export const weekMs = 7 * dayMs;

/** A year and a bit: no answer has more weeks. */
export const mostWeeks = 54;

/** The Monday, 00:00 UTC, of the week that a time is in. 1 January 1970 was a Thursday. */
export function weekOf(at: Millis): Millis {
  const sinceMonday = (((at - 4 * dayMs) % weekMs) + weekMs) % weekMs;
  return at - sinceMonday;
}

/** Every week that a part of the time between is in, the oldest first. */
export function weeksBetween(since: Millis, until: Millis): Millis[] {
  const first = weekOf(since);
  const count = Math.max(0, Math.ceil((until - first) / weekMs));
  return Array.from({ length: count }, (_, nth) => first + nth * weekMs);
}

/** One number for each week that has any of them, in order. */
export function perWeek<One>(
  all: readonly One[],
  { at, value }: { at: (one: One) => Millis; value: (those: readonly One[]) => number | undefined },
): WeekNumber[] {
  const weeks = [...Map.groupBy(all, (one) => weekOf(at(one)))].sort(([a], [b]) => a - b);
  return weeks.flatMap(([from, those]) => {
    const number = value(those);
    return number === undefined ? [] : [{ from, value: number }];
  });
}
