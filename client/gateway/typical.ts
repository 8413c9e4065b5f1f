import { atOnce } from '../../activities/steps/at-once.ts';
import { resultOf } from '../../activities/steps/recorded-result.ts';
import type { TypicalDurations } from '../../domain/contract/kept-evidence.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { StageTiming } from '../../domain/contract/status.ts';
import { mostTypical, typicalOf } from '../../domain/typical.ts';
import type { GatewayParts } from './calls.ts';
import { keptFor } from './kept-for.ts';

/** ms for which an answer is good: a lane has a release an hour at most. */
const goodForMs = 60_000;

interface Run {
  releaseId: string;
  timings: StageTiming[];
}

/**
 * How long the last runs of a lane took that were verified: two questions to the records, once a minute and lane. `without`: the run that is compared
 * with the others.
 */
export function typicalDurations({
  records,
  now,
}: GatewayParts): (lane: LaneKey, without?: string) => Promise<TypicalDurations> {
  const kept = keptFor<Run[]>({ goodForMs, now });
  const ask = async ({ service, environment }: LaneKey): Promise<Run[]> => {
    const runs = await records.attempts.list({ service, environment, outcome: 'verified', limit: mostTypical });
    const ids = runs.map(({ releaseId }) => releaseId);
    const documents = await atOnce(records.plans, ids, ['result']);
    // Of an end that nobody can read there are none: it says nothing of how long it took.
    const timingsOf = async (releaseId: string) => (await resultOf(documents, releaseId))?.timings ?? [];
    return Promise.all(ids.map(async (releaseId) => ({ releaseId, timings: await timingsOf(releaseId) })));
  };
  return async (lane, without) => {
    const others = (await kept(laneInPath(lane), () => ask(lane))).filter(({ releaseId }) => releaseId !== without);
    return typicalOf(others.map(({ timings }) => timings));
  };
}
