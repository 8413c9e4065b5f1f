import { lookAtUndoing, refuseUndoing } from '../../activities/steps/undoable.ts';
import type { Attempt } from '../../activities/records/port.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/** Throws 409 for a release that cannot be undone, and 400 for regions that it does not concern. */
export async function requireUndoable(
  { records }: Pick<GatewayParts, 'records'>,
  { lane, attempt, regions }: { lane: LaneKey; attempt: Attempt; regions: string[] | undefined },
): Promise<void> {
  const known = await lookAtUndoing(records, { lane, attempt, releaseId: attempt.releaseId });
  const refused = known && refuseUndoing(known, regions);
  if (!refused) return;
  const { why, next, isMistake } = refused;
  throw isMistake ? new Refused(400, 'bad-request', why, next) : new Refused(409, 'conflict', why, next);
}
