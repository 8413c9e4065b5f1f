import { parseStored } from '../../activities/shared/stored-json.ts';
import { releaseResult } from '../../activities/steps/input-documents.ts';
import type { TypicalDurations } from '../../domain/contract/kept-evidence.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { mostTypical, typicalOf } from '../../domain/typical.ts';
import type { GatewayParts } from './calls.ts';

/** ms for which an answer is good: a lane has a release an hour at most. */
const goodForMs = 60_000;
const mostLanes = 1_000;

type Known = { at: number; answer: Promise<TypicalDurations> };

/** How long the last runs of a lane took that were verified: two questions to the records, once a minute and lane. */
export function typicalDurations({ records, now }: GatewayParts): (lane: LaneKey) => Promise<TypicalDurations> {
  const known = new Map<string, Known>();
  const ask = async ({ service, environment }: LaneKey): Promise<TypicalDurations> => {
    const runs = await records.attempts.list({ service, environment, outcome: 'verified', limit: mostTypical });
    const kept = await records.plans.keptAmong(
      runs.map(({ releaseId }) => releaseId),
      ['result'],
    );
    return typicalOf(kept.flatMap(({ json }) => timingsIn(json)));
  };
  return (lane) => {
    const name = laneInPath(lane);
    const before = known.get(name);
    if (before && now() - before.at < goodForMs) return before.answer;
    const answer = ask(lane);
    known.delete(name);
    known.set(name, { at: now(), answer });
    // Who asks next asks anew.
    answer.catch(() => known.delete(name));
    for (const oldest of known.keys()) {
      if (known.size <= mostLanes) break;
      known.delete(oldest);
    }
    return answer;
  };
}

function timingsIn(json: string) {
  const { data } = releaseResult.safeParse(parseStored(json));
  return data ? [data.timings] : [];
}
