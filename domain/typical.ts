import type { TypicalDurations } from './contract/kept-evidence.ts';
import { stages } from './contract/status.ts';
import type { Stage, StageTiming } from './contract/status.ts';
import { median } from './insights/numbers.ts';

/** How many runs are looked back on. */
export const mostTypical = 20;

/** Medians: one release that hung over a weekend says nothing of the others. A stage that a run was in twice counts once, with all its time. */
export function typicalOf(runs: readonly (readonly StageTiming[])[]): TypicalDurations {
  const all = runs.filter((timings) => timings.length > 0);
  const took = all.map(tookByStage);
  const whole = all.map(wholeOf).filter((ms) => ms !== undefined);
  return {
    runs: all.length,
    stages: stages.flatMap((stage) => {
      const times = took.flatMap((one) => one.get(stage) ?? []);
      return times.length === 0 ? [] : [{ stage, medianMs: Math.round(median(times) ?? 0), runs: times.length }];
    }),
    ...(whole.length > 0 && { wholeMs: Math.round(median(whole) ?? 0) }),
  };
}

function tookByStage(timings: readonly StageTiming[]): Map<Stage, number> {
  const took = new Map<Stage, number>();
  for (const { stage, startedAt, endedAt } of timings) {
    if (endedAt === undefined || stage === 'done') continue;
    took.set(stage, (took.get(stage) ?? 0) + Math.max(0, endedAt - startedAt));
  }
  return took;
}

function wholeOf(timings: readonly StageTiming[]): number | undefined {
  const begun = timings[0]?.startedAt;
  const ends = timings.flatMap(({ endedAt }) => endedAt ?? []);
  return begun === undefined || ends.length === 0 ? undefined : Math.max(0, Math.max(...ends) - begun);
}
