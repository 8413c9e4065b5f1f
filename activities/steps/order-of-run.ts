import { orderOfRollback } from '../../domain/contract/names.ts';
import type { Millis } from '../../domain/contract/release.ts';
import { takesOrdersBy } from '../../domain/run-kinds.ts';
import type { Records } from '../records/port.ts';

/** What a run was ordered to do, by a person or by what the engine has seen. */
export interface OrderOfRun {
  /** The release to undo. */
  releaseId: string;
  by: string;
  at: Millis;
}

/** On record; undefined for a run that carries out no order, and for an order that nobody has given. Says nothing about its signature. */
export async function orderOfRun(
  { decisions, breaches }: Pick<Records, 'decisions' | 'breaches'>,
  workflowId: string,
): Promise<OrderOfRun | undefined> {
  const id = orderOfRollback(workflowId);
  if (id === undefined) return undefined;
  const decision = takesOrdersBy(workflowId, 'decider') ? (await decisions.find(id))?.decision : undefined;
  if (decision) return { releaseId: decision.releaseId, by: decision.by.id, at: decision.decidedAt };
  const breach = takesOrdersBy(workflowId, 'breach') ? await breaches.find(id) : undefined;
  return breach && { releaseId: breach.releaseId, by: breach.seenBy, at: breach.seenAt };
}
