import type { EndpointSpec, ReleasePlan, VerifiedRelease } from '../../domain/contract/release.ts';
import { endpointsAfterRollback } from '../../domain/rollback-endpoints.ts';
import type { Records } from '../records/port.ts';
import { planByHash } from './authorize.ts';
import { plannedRegion } from './place.ts';

export interface EndpointsToAsk {
  endpoints: EndpointSpec[];
  /** Why none is asked although there may be some. */
  unknown?: string;
}

/**
 * What shows that a region is well: what the plan asks of it, or for a rollback what the releases that it goes back to were asked. `back`: their
 * rows.
 */
export async function endpointsToAsk(
  plan: ReleasePlan,
  { region, back }: { region: string; back?: readonly VerifiedRelease[] },
  { plans: stored }: Pick<Records, 'plans'>,
): Promise<EndpointsToAsk> {
  if (!back) return { endpoints: plannedRegion(plan, region).endpoints };
  const plans: ReleasePlan[] = [];
  for (const hash of new Set(back.map(({ planHash }) => planHash))) {
    const found = await planByHash(stored, hash);
    if (!found) return { endpoints: [], unknown: 'the plan of a release that is back is not on record any more' };
    plans.push(found);
  }
  return { endpoints: endpointsAfterRollback(plans, region) };
}
