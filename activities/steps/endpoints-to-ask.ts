import type { EndpointSpec, ReleasePlan } from '../../domain/contract/release.ts';
import { endpointsAfterRollback } from '../../domain/rollback-endpoints.ts';
import type { Records } from '../records/port.ts';
import { hashOfPlan } from './authorize.ts';
import { plannedRegion } from './place.ts';
import type { RegionInput } from './types.ts';

export interface EndpointsToAsk {
  endpoints: EndpointSpec[];
  /** Why none is asked although there may be some. */
  unknown?: string;
}

/** What shows that a region is well: what the plan asks of it, or for a rollback what the releases that it goes back to were asked. */
export async function endpointsToAsk(
  plan: ReleasePlan,
  input: RegionInput,
  records: Pick<Records, 'inventory' | 'plans'>,
): Promise<EndpointsToAsk> {
  if (input.purpose === 'deploy') return { endpoints: plannedRegion(plan, input.region).endpoints };
  const hashes = new Set(await Promise.all(Object.entries(input.images).map(planBehind(plan, input, records))));
  const plans: ReleasePlan[] = [];
  for (const hash of hashes) {
    const found = hash === undefined ? undefined : await records.plans.find(hash);
    if (!found || hashOfPlan(found) !== hash)
      return { endpoints: [], unknown: 'the plan of a release that is back is not on record any more' };
    plans.push(found);
  }
  return { endpoints: endpointsAfterRollback(plans, input.region) };
}

/** The hash of the plan under which this image was last verified there, by another release than the one that is undone. */
function planBehind(
  { service, environment }: ReleasePlan,
  { region, authority }: RegionInput,
  { inventory }: Pick<Records, 'inventory'>,
) {
  return async ([component, image]: [string, string]): Promise<string | undefined> => {
    const rows = await inventory.history({ service, environment, region, component, limit: 50 });
    return rows.find((row) => row.image === image && row.state !== 'revoked' && row.releaseId !== authority.subject)
      ?.planHash;
  };
}
