import type { DeliveredArtifact } from '../../domain/contract/delivery.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { permitted, type WayBack } from '../../domain/way-back.ts';
import type { Records } from '../records/port.ts';
import { chosenTargets } from './chosen-way-back.ts';
import { changedBy } from './touching.ts';
import type { ComponentInput } from './types.ts';

type Known = Pick<Records, 'inventory' | 'plans' | 'touched' | 'schema'>;

/**
 * What may be in this very place: what the plan puts there, or for a rollback what the engine has chosen for this run. Throws SLIP-REL-1
 * (terminal) for anything else.
 */
export async function permittedArtifact(
  plan: ReleasePlan,
  input: ComponentInput,
  records: Known,
): Promise<DeliveredArtifact> {
  const { region, component, image, purpose } = input;
  const back = purpose === 'roll-back' ? await wayBackOf(plan, input, records) : undefined;
  const found = permitted({ plan, region, component, image, purpose, ...(back && { back }) });
  if ('refused' in found) throw failure('SLIP-REL-1', found.refused);
  return found.artifact;
}

async function wayBackOf(
  { service, environment }: ReleasePlan,
  { authority, region, component }: ComponentInput,
  records: Known,
): Promise<WayBack> {
  const [chosen, history, touched, schema] = await Promise.all([
    chosenTargets(records.plans, { runId: authority.releaseId, ticket: authority.ticket }, region),
    records.inventory.history({ service, environment, region, component, limit: 50 }),
    changedBy(records, authority.subject),
    records.schema.list({ service, environment }),
  ]);
  return { chosen, history, touched, schema };
}
