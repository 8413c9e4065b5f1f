import { hadBegun } from '../../activities/steps/lost-runs.ts';
import { laneOfRun, laneId } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Unknown } from '../../domain/not-begun.ts';
import type { GatewayParts } from './calls.ts';

/**
 * Why nobody can tell that a run is over which Temporal does not know; undefined where it had begun and its history is gone. `elsewhere`: the lane
 * that it has joined before it began is not here either. This may be another Temporal than the workers have: there the run may be under way.
 */
export async function whyNotOver(parts: GatewayParts, releaseId: string): Promise<Unknown | undefined> {
  if (!(await hadBegun(parts.records, releaseId))) return 'not-begun';
  const lane = laneOfRun(releaseId);
  return lane && (await isHere(parts, lane)) ? undefined : 'elsewhere';
}

/**
 * The very lane that has begun by the records, whoever goes on for the run that did: any gateway has one run here under that id, with the first
 * order that it delivers.
 */
async function isHere({ engine, records }: GatewayParts, lane: LaneKey): Promise<boolean> {
  const [run, begunBy] = await Promise.all([engine.look(laneId(lane)), records.lanes.begunBy(lane)]);
  if (run?.firstRunId === undefined || begunBy === undefined) return false;
  if (run.firstRunId === begunBy) return true;
  // One that was reset begins anew under a run that is not the first.
  return (await engine.look(laneId(lane), begunBy))?.firstRunId === run.firstRunId;
}
