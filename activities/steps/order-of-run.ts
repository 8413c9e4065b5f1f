import { orderOfRollback } from '../../domain/contract/names.ts';
import type { Millis } from '../../domain/contract/release.ts';
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
  const decision = (await decisions.find(id))?.decision;
  if (decision) return { releaseId: decision.releaseId, by: decision.by.id, at: decision.decidedAt };
  const breach = await breaches.find(id);
  return breach && { releaseId: breach.releaseId, by: breach.seenBy, at: breach.seenAt };
}
