import type { Millis } from '../contract/release.ts';
import { meaningOf } from '../outcomes.ts';
import { partsOf } from './parts.ts';
import type { Parts } from './parts.ts';
import type { RegionFacts, RunFacts } from './run-facts.ts';

/** A release that went to its end and is well everywhere: of all others nobody can say how long it would have taken. */
export function isVerified({ outcome, undoes }: RunFacts): boolean {
  return undoes === undefined && meaningOf(outcome).proven;
}

type Changed = RegionFacts & { begunAt: Millis; since: Millis };

/** Regions that this run has changed and verified. Not those that were as they should be already, nor those of which engines of before kept no time. */
function changedRegions({ regions }: RunFacts): Changed[] {
  return regions.filter(
    (one): one is Changed => one.phase === 'verified' && one.begunAt !== undefined && one.since !== undefined,
  );
}

/** When the last look at all regions together found them well, by the run; undefined where it was not kept. */
export function verifiedAt(run: RunFacts): Millis | undefined {
  if (!isVerified(run)) return undefined;
  const looked = run.stages.findLast(({ stage }) => stage === 'verifying')?.to;
  return (
    looked ??
    changedRegions(run).reduce<Millis | undefined>((last, { since }) => Math.max(last ?? since, since), undefined)
  );
}

/** Each region, from its first change until it was verified. Without its bake, which begins then, and without what people were waited for in between. */
export function regionDurations(run: RunFacts): { region: string; ms: number }[] {
  if (!isVerified(run)) return [];
  return changedRegions(run).map(({ region, begunAt, since }) => ({
    region,
    ms: partsOf(run.stages, begunAt, since).machinesMs,
  }));
}

/** From the first change of a region until all are verified, bakes too. Of releases that have changed two or more: of one alone it is the one region. */
export function allRegions(run: RunFacts): Parts | undefined {
  const changed = changedRegions(run);
  const end = verifiedAt(run);
  if (changed.length < 2 || end === undefined) return undefined;
  return partsOf(run.stages, Math.min(...changed.map(({ begunAt }) => begunAt)), end);
}

/** `beforeMs`: from the commit until somebody asked for its release: CI and people, of which Slipway sees nothing. */
export interface Way extends Parts {
  beforeMs: number;
}

/**
 * From the commit that is released (not from the oldest one that comes with it) until all regions are verified. A commit whose clock was ahead was
 * asked for at once.
 */
export function commitToProduction(run: RunFacts): Way | undefined {
  const end = verifiedAt(run);
  if (end === undefined || run.committedAt === undefined) return undefined;
  const { askedAt, stages, committedAt } = run;
  return { beforeMs: Math.max(0, askedAt - committedAt), ...partsOf(stages, askedAt, end) };
}

/** What counts against the target: all but what is known to be people's or the lane's waiting. What nobody has seen is not taken for theirs. */
export function judged({ beforeMs, machinesMs }: Way): number {
  return beforeMs + machinesMs;
}
