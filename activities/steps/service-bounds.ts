import type { LaneKey } from '../../domain/contract/names.ts';
import type { EnvironmentFloor, ServiceBounds } from '../../domain/contract/policy.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { boundsOf } from '../../domain/plan-bounds.ts';

/** What the policy on this worker's own disk lets the service use there, now. Throws SLIP-CFG-3 (terminal) where it does not let it in. */
export async function serviceBounds(
  { floorOf }: { floorOf: (environment: string) => Promise<EnvironmentFloor> },
  lane: LaneKey,
): Promise<ServiceBounds> {
  const bounds = boundsOf(lane, await floorOf(lane.environment));
  if ('refused' in bounds) throw failure('SLIP-CFG-3', bounds.refused);
  return bounds;
}
