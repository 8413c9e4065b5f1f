import type { SignedDecision } from '../../domain/contract/decisions.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { Identity, Millis, ReleaseRequest } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { takesOrdersBy } from '../../domain/run-kinds.ts';
import type { Records } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';
import { requireOwnRun } from './release-record.ts';
import { thisRun } from './touching.ts';

/** What a run was ordered to do, by a person or by what the engine has seen. */
export interface OrderOfRun {
  /** The release to undo. */
  releaseId: string;
  /** All that it concerns, when absent. */
  regions?: string[];
  by: string;
  at: Millis;
  /** Of people. */
  reason?: string;
}

export interface OrderDependencies {
  records: Pick<Records, 'decisions' | 'breaches'>;
  verifier: Pick<Verifier, 'verify'>;
}

/** On record; undefined for a run that carries out no order, and for an order that nobody has signed. Breaches are not signed: a plan allows them. */
export async function orderOfRun(
  { records: { decisions, breaches }, verifier }: OrderDependencies,
  workflowId: string,
): Promise<OrderOfRun | undefined> {
  const id = orderOfRollback(workflowId);
  if (id === undefined) return undefined;
  const signed = takesOrdersBy(workflowId, 'decider') ? await decisions.find(id) : undefined;
  if (signed?.decision.kind === 'roll-back' && signed.decision.run === workflowId && verifier.verify(signed)) {
    return orderIn(signed);
  }
  const breach = takesOrdersBy(workflowId, 'breach') ? await breaches.find(id) : undefined;
  return breach && { releaseId: breach.releaseId, regions: breach.regions, by: breach.seenBy, at: breach.seenAt };
}

/** What a signed order says. */
export function orderIn({ decision: { releaseId, regions, by, decidedAt, reason } }: SignedDecision): OrderOfRun {
  return { releaseId, ...(regions && { regions }), by: by.id, at: decidedAt, ...(reason && { reason }) };
}

/** Who asked for a run: of one that carries out an order who gave that. Who asked for the release has no say in that it is undone. */
export function askerOf(
  order: OrderOfRun | undefined,
  { requestedBy }: Pick<ReleaseRequest, 'requestedBy'>,
): Pick<Identity, 'id' | 'behind'> {
  return order ? { id: order.by } : requestedBy;
}

/** Which release the run is about that scheduled this step: itself, or what it was ordered to undo. Throws SLIP-REL-10 (terminal) for any other. */
export async function requireSubject(deps: OrderDependencies, releaseId: string): Promise<void> {
  const { workflowId } = thisRun();
  if (orderOfRollback(workflowId) === undefined) return requireOwnRun(releaseId);
  const order = await orderOfRun(deps, workflowId);
  if (order?.releaseId !== releaseId)
    throw failure('SLIP-REL-10', `${workflowId} was not ordered to undo ${releaseId}`);
}
