import type { DeliveredArtifact } from '../../domain/contract/delivery.ts';
import type { PlannedComponent, ReleasePlan, VerifiedRelease } from '../../domain/contract/release.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { permitted, type WayBack } from '../../domain/way-back.ts';
import type { Records } from '../records/port.ts';
import { planByHash } from './authorize.ts';
import { chosenTargets } from './chosen-way-back.ts';
import { plannedComponent } from './place.ts';
import { changedBy } from './touching.ts';
import type { ComponentInput } from './types.ts';
import { requireUnderstood } from './understood.ts';

type Known = Pick<Records, 'inventory' | 'plans' | 'touched' | 'schema'>;

export interface PermittedThere {
  artifact: DeliveredArtifact;
  /** How it gets there: of what is put back, as it got there then. */
  component: PlannedComponent;
  /** The row of what is put back. */
  verified?: VerifiedRelease;
}

/**
 * What may be in this very place: what the plan puts there, or for a rollback what the engine has chosen for this run. Throws SLIP-REL-1
 * (terminal) for anything else.
 */
export async function permittedThere(
  plan: ReleasePlan,
  input: ComponentInput,
  records: Known,
): Promise<PermittedThere> {
  const { region, component: name, image, purpose } = input;
  const back = purpose === 'roll-back' ? await wayBackOf(plan, input, records) : undefined;
  const found = permitted({ plan, region, component: name, image, purpose, ...(back && { back }) });
  if ('refused' in found) throw failure('SLIP-REL-1', found.refused);
  const { artifact, verified } = found;
  const component = plannedComponent(plan, name);
  return verified
    ? { artifact, verified, component: await asThen(component, verified, records) }
    : { artifact, component };
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

/**
 * Delivered as it was then: an image alone, or by the plan that it was verified under. Where nobody has that plan any more, a kind that
 * needs more than the artifact's hash refuses what is now.
 */
async function asThen(
  now: PlannedComponent,
  { planHash, image, artifact }: VerifiedRelease,
  { plans }: Pick<Records, 'plans'>,
): Promise<PlannedComponent> {
  const { delivery: _delivery, artifact: _artifact, ...component } = now;
  const alone = imageArtifact({}, image);
  if (artifact.kind === alone.kind && artifact.digest === alone.digest) return component;
  const plan = await planByHash(plans, planHash);
  const then = plan?.components.find(({ name }) => name === now.name);
  if (!plan || !then) return now;
  requireUnderstood(plan);
  return {
    ...component,
    ...(then.delivery && { delivery: then.delivery }),
    ...(then.artifact && { artifact: then.artifact }),
  };
}
