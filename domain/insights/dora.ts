import type { Dora, Trouble } from '../contract/insights.ts';
import { meaningOf } from '../outcomes.ts';
import { commitToProduction, isVerified, judged } from './durations.ts';
import { endOf } from './measures.ts';
import { having, median, share } from './numbers.ts';
import type { RunFacts } from './run-facts.ts';
import { hasFailed } from './troubles.ts';
import { perWeek } from './weeks.ts';

interface Counted {
  runs: readonly RunFacts[];
  troubles: readonly Trouble[];
  /** Part of a week at the end counts as that part. */
  weeks: number;
}

/** DORA's four, from what the engine has on record of releases alone: what broke later and was mended by hand it does not know. */
export function doraOf({ runs, troubles, weeks }: Counted): Dora {
  const verified = runs.filter(isVerified);
  return {
    deployments: {
      count: verified.length,
      perWeek: weeks > 0 ? verified.length / weeks : 0,
      weeks: perWeek(verified, { at: endOf, value: (those) => those.length }),
    },
    leadTime: leadTime(verified),
    failed: failedOf(runs, troubles),
    restore: restoreOf(troubles),
  };
}

/** As commit to production; `waitedMs`: the median of what people and the lane were waited for. */
function leadTime(verified: readonly RunFacts[]): Dora['leadTime'] {
  const ways = verified.flatMap((run) => {
    const way = commitToProduction(run);
    return way ? [{ at: endOf(run), ms: judged(way), waited: way.peopleMs + way.laneMs }] : [];
  });
  return {
    count: ways.length,
    ...having('medianMs', median(ways.map(({ ms }) => ms))),
    ...having('waitedMs', median(ways.map(({ waited }) => waited))),
    weeks: perWeek(ways, { at: ({ at }) => at, value: (those) => median(those.map(({ ms }) => ms)) }),
  };
}

/** Of releases that have changed something and ended: those that went back, were left half way, or were in place everywhere and ordered back later. */
function failedOf(runs: readonly RunFacts[], troubles: readonly Trouble[]): Dora['failed'] {
  const releases = runs.filter(({ undoes, outcome }) => undoes === undefined && outcome !== undefined);
  const changed = releases.filter(({ outcome }) => meaningOf(outcome).changed);
  const isBack = ({ ended }: Trouble) => ended === 'put-back' || ended === 'ordered-back';
  const putBack = new Set(troubles.filter(isBack).map(({ releaseId }) => releaseId));
  const isFailed = (run: RunFacts) => hasFailed(run) || putBack.has(run.runId);
  const count = changed.filter(isFailed).length;
  return {
    changed: changed.length,
    count,
    putBackLater: changed.filter(({ runId }) => putBack.has(runId)).length,
    ...having('share', share(count, changed.length)),
    endedBefore: releases.filter(hasFailedBefore).length,
    weeks: perWeek(changed, { at: endOf, value: (those) => share(those.filter(isFailed).length, those.length) }),
  };
}

/** By its own fault, and not because somebody wanted it so. */
function hasFailedBefore({ outcome }: RunFacts): boolean {
  const { changed, level } = meaningOf(outcome);
  return !changed && level === 'problem';
}

/** From the first failure, the first hold or the order back, until what runs there was verified or back. */
function restoreOf(troubles: readonly Trouble[]): Dora['restore'] {
  const restored = troubles.filter((one): one is Trouble & { restoredMs: number } => one.restoredMs !== undefined);
  return {
    count: restored.length,
    ...having('medianMs', median(restored.map(({ restoredMs }) => restoredMs))),
    ...having('peopleMs', median(restored.map(({ peopleMs = 0 }) => peopleMs))),
    notYet: troubles.length - restored.length,
    weeks: perWeek(restored, { at: ({ at }) => at, value: (those) => median(those.map((one) => one.restoredMs)) }),
  };
}
