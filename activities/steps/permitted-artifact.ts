import { permitted } from '../../domain/authority.ts';
import type { DeliveredArtifact } from '../../domain/contract/delivery.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Records } from '../records/port.ts';
import type { ComponentInput, RegionInput } from './types.ts';

/**
 * What may be in this very place: what the plan puts there, or for a rollback what was put there when that image was verified. Throws
 * SLIP-REL-1 (terminal) for anything else.
 */
export async function permittedArtifact(
  plan: ReleasePlan,
  { region, component, image, purpose, authority }: ComponentInput,
  { inventory }: Pick<Records, 'inventory'>,
): Promise<DeliveredArtifact> {
  const { service, environment } = plan;
  const place = { service, environment, region, component, limit: 50 };
  const history = purpose === 'roll-back' ? await inventory.history(place) : [];
  const { releaseId: workflowId } = authority;
  const found = permitted({ plan, region, component, image, purpose, history, workflowId });
  if ('refused' in found) throw failure('SLIP-REL-1', found.refused);
  return found.artifact;
}

/** What should be there. A run of an older version does not say for what it verifies: then it is what may be deployed, or else put back. */
export async function wantedArtifact(
  plan: ReleasePlan,
  { purpose, ...input }: Omit<ComponentInput, 'purpose'> & Pick<RegionInput, 'purpose'>,
  records: Pick<Records, 'inventory'>,
): Promise<DeliveredArtifact> {
  if (purpose) return permittedArtifact(plan, { ...input, purpose }, records);
  return permittedArtifact(plan, { ...input, purpose: 'deploy' }, records).catch(() =>
    permittedArtifact(plan, { ...input, purpose: 'roll-back' }, records),
  );
}
