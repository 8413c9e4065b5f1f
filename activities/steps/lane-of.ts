import { laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { failure } from '../../domain/errors/catalogue.ts';

/** As its id says. Throws SLIP-REL-10 (terminal) for an id that no run of ours has. */
export function laneOf(workflowId: string): LaneKey {
  const lane = laneOfRun(workflowId);
  if (!lane) throw failure('SLIP-REL-10', `${workflowId} belongs to no lane`);
  return lane;
}
