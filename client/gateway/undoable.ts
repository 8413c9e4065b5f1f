import { lookAtUndoing, refuseUndoing } from '../../activities/steps/undoable.ts';
import type { Attempt } from '../../activities/records/port.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/** Throws 409 for a release that cannot be undone, and 400 for regions that it does not concern. */
export async function requireUndoable(
  { records }: Pick<GatewayParts, 'records'>,
  { lane, attempt, regions }: { lane: LaneKey; attempt: Attempt; regions: string[] | undefined },
): Promise<void> {
  // What cannot be, whatever is on record of its lane, is refused without a look at that.
  const known = meaningOf(attempt.outcome).undoable
    ? await lookAtUndoing(records, { lane, attempt, releaseId: attempt.releaseId })
    : { lane, attempt, current: [], left: [] };
  const refused = known && refuseUndoing(known, regions);
  if (!refused) return;
  const { why, next, isMistake } = refused;
  throw isMistake ? new Refused(400, 'bad-request', why, next) : new Refused(409, 'conflict', why, next);
}
