import type { ReleaseStatus, Stage, StageTiming } from '../../../domain/contract/status.ts';
import { shownStage } from './states.ts';
import type { Tone } from './states.ts';

/** One part of the way, as a bar: its width follows how long it took. */
export interface TrackPart {
  name: string;
  ms: number;
  tone: Tone;
  icon: string;
  /** People were waited for: hatched, and counted apart. */
  isPeople: boolean;
  isNow: boolean;
}

const people: ReadonlySet<Stage> = new Set(['awaiting-approval', 'held']);
/** What passes in less is told, and takes no place. */
const shown = 50;

/** The stages that took time, in order. `until`: when it ended, or now. */
export function trackOf(
  { timings }: Pick<ReleaseStatus, 'timings'>,
  { until, isOpen }: { until: number; isOpen: boolean },
): TrackPart[] {
  return timings.flatMap((timing, index) => {
    const isNow = isOpen && index === timings.length - 1;
    const ms = msOf(timing, until);
    if (timing.stage === 'done' || (ms < shown && !isNow)) return [];
    const { word, icon, tone } = shownStage(timing.stage);
    const isPeople = people.has(timing.stage);
    const over = isPeople ? ({ icon: 'person', tone: 'mute' } as const) : ({ icon: 'pass', tone: 'good' } as const);
    return [{ name: word, ms, isPeople, isNow, ...(isNow ? { icon, tone } : over) }];
  });
}

/** Machines' time and people's, apart. */
export function timesOf(parts: readonly TrackPart[]): { machinesMs: number; peopleMs: number } {
  const sum = (isPeople: boolean) =>
    parts.filter((one) => one.isPeople === isPeople).reduce((total, { ms }) => total + ms, 0);
  return { machinesMs: sum(false), peopleMs: sum(true) };
}

function msOf({ startedAt, endedAt }: StageTiming, until: number): number {
  return Math.max(0, (endedAt ?? until) - startedAt);
}
