import type { StepMeasure } from '../contract/insights.ts';
import { isVerified, regionDurations } from './durations.ts';
import { median, quantile } from './numbers.ts';
import { waitsFor } from './parts.ts';
import type { RunFacts } from './run-facts.ts';

/** More than these nobody reads. */
const mostSteps = 12;

/**
 * What machines did in releases that were verified, the slowest first: each stage as long as it took in a release in all, and each region by itself.
 * No waiting; not what took less than a second in the half of them. Regions are what `deploying` is made of, with bakes: they are no sum.
 */
export function slowestSteps(runs: readonly RunFacts[]): StepMeasure[] {
  const took = new Map<string, { kind: StepMeasure['kind']; name: string; all: number[] }>();
  const add = (kind: StepMeasure['kind'], name: string, ms: number) => {
    const key = `${kind} ${name}`;
    const known = took.get(key) ?? { kind, name, all: [] };
    known.all.push(ms);
    took.set(key, known);
  };
  for (const run of runs.filter(isVerified)) {
    for (const [stage, ms] of stagesOf(run)) add('stage', stage, ms);
    for (const { region, ms } of regionDurations(run)) add('region', region, ms);
  }
  return [...took.values()]
    .map(({ kind, name, all }) => ({
      ...{ kind, name, count: all.length },
      medianMs: median(all)!,
      mostMs: quantile(all, 0.9)!,
    }))
    .filter(({ medianMs }) => medianMs >= 1_000)
    .sort((a, b) => b.medianMs - a.medianMs)
    .slice(0, mostSteps);
}

/** A stage that was entered several times is one. */
function stagesOf({ stages }: RunFacts): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { stage, from, to } of stages) if (!waitsFor(stage)) sums.set(stage, (sums.get(stage) ?? 0) + to - from);
  return sums;
}
