import { hadBegun } from '../../activities/steps/lost-runs.ts';
import { laneOfRun, laneId } from '../../domain/contract/names.ts';
import type { Unknown } from '../../domain/not-begun.ts';
import type { GatewayParts } from './calls.ts';

/**
 * Why nobody can tell that a run is over which Temporal does not know; undefined where it had begun and its history is gone. `elsewhere`: Temporal does
 * not know its lane either, which it has joined before it began. This may be another one than the workers have: there the run may be under way.
 */
export async function whyNotOver({ engine, records }: GatewayParts, releaseId: string): Promise<Unknown | undefined> {
  if (!(await hadBegun(records, releaseId))) return 'not-begun';
  const lane = laneOfRun(releaseId);
  const known = lane && (await engine.look(laneId(lane)).catch(() => undefined));
  return known ? undefined : 'elsewhere';
}
