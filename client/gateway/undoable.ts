import { lookAtUndoing, refuseUndoing, type Undoing } from '../../activities/steps/undoable.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/** Throws 409 for a release that cannot be undone, and 400 for regions that it does not concern. */
export async function requireUndoable(
  { records }: Pick<GatewayParts, 'records'>,
  { regions, ...undoing }: Undoing & { regions: string[] | undefined },
): Promise<void> {
  const refused = refuseUndoing(await lookAtUndoing(records, undoing), regions);
  if (!refused) return;
  const { why, next, isMistake } = refused;
  throw isMistake ? new Refused(400, 'bad-request', why, next) : new Refused(409, 'conflict', why, next);
}
