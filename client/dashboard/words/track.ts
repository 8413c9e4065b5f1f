import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { TypicalDurations } from '../../../domain/contract/kept-evidence.ts';
import type { Stage, StageTiming } from '../../../domain/contract/status.ts';
import { waitsFor } from '../../../domain/insights/parts.ts';
import { endedWell } from '../../../domain/run-end.ts';
import { shownStage } from './states.ts';
import { duration } from './times.ts';
import type { Tone } from './states.ts';

/** One part of the way, as a bar: its width follows how long it took. */
export interface TrackPart {
  name: string;
  ms: number;
  tone: Tone;
  icon: string;
  /** `people`: they were waited for; `lane`: others were. Both are hatched, and counted apart. */
  waits?: 'people' | 'lane';
  isNow: boolean;
  /** How long that takes in releases of this lane, in words; absent where nobody knows, and of waiting, which nobody expects. */
  usual?: string;
}

/** What passes in less is told, and takes no place. */
const shown = 50;

/** The stages that took time, in order. `now`: for what goes on. */
export function trackOf(view: ReleaseView, now: number, typical?: TypicalDurations): TrackPart[] {
  const timings = (view.status?.timings ?? []).filter(({ stage }) => stage !== 'done');
  return timings.flatMap((timing, index) => {
    const { stage } = timing;
    const isNow = view.open && index === timings.length - 1;
    const ms = msOf(timing, view.endedAt ?? now);
    if (ms < shown && !isNow) return [];
    const { word, icon, tone } = shownStage(stage);
    const waiting = waitsFor(stage);
    const over = waiting
      ? ({ icon: waiting === 'people' ? 'person' : 'lane', tone: 'mute' } as const)
      : outcomeOf(view, timings, index);
    const usual = waiting ? undefined : usualInWords(usualOf(typical, stage));
    return [
      {
        ...{ name: word, ms, isNow },
        ...(waiting && { waits: waiting }),
        ...(isNow ? { icon, tone } : over),
        ...(usual !== undefined && { usual }),
      },
    ];
  });
}

/** Whether a stage that is over went well: not where a failure ended it, and of the last one not where the end was no good one. */
function outcomeOf(
  { releaseId, open, outcome }: ReleaseView,
  timings: readonly StageTiming[],
  index: number,
): { icon: string; tone: Tone } {
  const next = timings[index + 1]?.stage;
  if (next === 'held' || next === 'rolling-back') return { icon: 'failed', tone: 'stop' };
  const isLast = next === undefined && !open;
  if (isLast && !endedWell(releaseId, outcome) && timings[index]?.stage !== 'rolling-back')
    return { icon: 'same', tone: 'mute' };
  return { icon: 'pass', tone: 'good' };
}

/** Machines' time, people's, and what others had the lane for, apart. */
export function timesOf(parts: readonly TrackPart[]): { machinesMs: number; peopleMs: number; laneMs: number } {
  const sum = (kind: TrackPart['waits']) =>
    parts.filter((one) => one.waits === kind).reduce((total, { ms }) => total + ms, 0);
  return { machinesMs: sum(undefined), peopleMs: sum('people'), laneMs: sum('lane') };
}

type Usual = TypicalDurations['stages'][number];

function usualOf(typical: TypicalDurations | undefined, stage: Stage): Usual | undefined {
  return typical?.stages.find((one) => one.stage === stage);
}

/** One run alone says nothing of what is usual. */
function usualInWords(usual: Usual | undefined): string | undefined {
  return usual && `${usual.runs === 1 ? 'last time' : 'usually'} ${duration(usual.medianMs)}`;
}

/** A stage beside what is usual. */
export interface DurationRow {
  name: string;
  ms: number;
  usual?: string;
  waits?: 'people' | 'lane';
  /** It took, or takes, more than twice as long, and half a minute more. */
  isSlow: boolean;
}

/** Each stage once, with all its time in this run, in the order in which they came first. */
export function durationsOf(view: ReleaseView, now: number, typical: TypicalDurations | undefined): DurationRow[] {
  const rows = new Map<Stage, DurationRow>();
  for (const timing of view.status?.timings ?? []) {
    const { stage } = timing;
    if (stage === 'done') continue;
    const ms = (rows.get(stage)?.ms ?? 0) + msOf(timing, view.endedAt ?? now);
    const waiting = waitsFor(stage);
    const known = waiting ? undefined : usualOf(typical, stage);
    const usual = usualInWords(known);
    const isSlow = known !== undefined && ms > 2 * known.medianMs && ms > known.medianMs + 30_000;
    rows.set(stage, {
      ...{ name: shownStage(stage).word, ms, isSlow },
      ...(usual !== undefined && { usual }),
      ...(waiting && { waits: waiting }),
    });
  }
  return [...rows.values()].filter(({ ms }) => ms >= shown);
}

function msOf({ startedAt, endedAt }: StageTiming, until: number): number {
  return Math.max(0, (endedAt ?? until) - startedAt);
}
