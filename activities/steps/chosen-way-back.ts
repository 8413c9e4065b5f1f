import type { Ticket } from '../../domain/contract/release.ts';
import type { RollbackChoice, RollbackTarget } from '../../domain/rollback.ts';
import { isSameTicket } from '../../domain/ticket.ts';
import type { Records } from '../records/port.ts';
import { ticketOf } from './held-by.ts';

/** What the engine has chosen for a run, while it held its lane by this ticket: others may have been there before it had another. */
interface Chosen {
  ticket: Ticket;
  targets: RollbackTarget[];
}

const nameOf = (region: string) => `way-back-${region}`;

/**
 * Written by the engine when it chooses, and read by the steps that go back: no run may choose for itself. Chosen again, what was chosen before
 * still counts: the run may be under way with it, and a late try of the step knows less. Nothing is kept for a run that does not hold its lane.
 */
export async function keepChoice(
  { plans, lanes }: Pick<Records, 'plans' | 'lanes'>,
  runId: string,
  choice: RollbackChoice,
): Promise<void> {
  const ticket = await ticketOf({ lanes }, runId);
  if (choice.kind !== 'go' || !ticket) return;
  const before = await chosenTargets(plans, { runId, ticket }, choice.region);
  const isNew = ({ component, image }: RollbackTarget) =>
    !before.some((target) => target.component === component && target.image === image);
  const added = choice.targets.filter(isNew);
  if (added.length > 0 || before.length === 0)
    await plans.keep(runId, nameOf(choice.region), { ticket, targets: [...before, ...added] } satisfies Chosen);
}

/** All that this run may go back to there; nothing where the engine has refused, or was not asked since the run has this ticket. */
export async function chosenTargets(
  plans: Pick<Records['plans'], 'kept'>,
  { runId, ticket }: { runId: string; ticket: Ticket | undefined },
  region: string,
): Promise<RollbackTarget[]> {
  const chosen = (await plans.kept(runId, nameOf(region))) as Chosen | undefined;
  return chosen && isSameTicket(chosen.ticket, ticket) ? chosen.targets : [];
}
