import { canonicalJson } from '../../domain/canonical.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import type { RollbackChoice, RollbackTarget } from '../../domain/rollback.ts';
import { isSameTicket } from '../../domain/ticket.ts';
import type { Records } from '../records/port.ts';
import { ticketOf } from './held-by.ts';
import type { Authority } from './types.ts';

/** What the engine has chosen for a run, while it held its lane by this ticket: others may have been there before it had another. */
interface Chosen {
  ticket: Ticket;
  targets: RollbackTarget[];
}

interface Begun {
  ticket: Ticket;
}

const nameOf = (region: string) => `way-back-${region}`;
const begunIn = (region: string) => `going-back-${region}`;

/**
 * Written by the engine when it chooses, and read by the steps that go back: no run may choose for itself. What was chosen last counts, as it
 * rests on what the records had then. Once the run has begun to carry it out there, what was chosen before still counts beside it: half of the
 * region may be back by it, and a late try of the step knows less. Nothing is kept for a run that does not hold its lane.
 */
export async function keepChoice(
  { plans, lanes }: Pick<Records, 'plans' | 'lanes'>,
  runId: string,
  choice: RollbackChoice,
): Promise<void> {
  const ticket = await ticketOf({ lanes }, runId);
  if (!ticket) return;
  const before = (await hasBegun(plans, { runId, ticket }, choice.region))
    ? await chosenTargets(plans, { runId, ticket }, choice.region)
    : [];
  // Of one image several releases may have been made: the last of them counts.
  const targets = choice.kind === 'go' ? choice.targets : [];
  const isAgain = (one: RollbackTarget) => targets.some((target) => canonicalJson(target) === canonicalJson(one));
  const chosen: Chosen = { ticket, targets: [...before.filter((one) => !isAgain(one)), ...targets] };
  await plans.keep(runId, nameOf(choice.region), chosen);
}

/** The run begins to put back there what was chosen: said before it is done. */
export async function keepBegun(
  plans: Pick<Records['plans'], 'keep'>,
  { releaseId, ticket }: Pick<Authority, 'releaseId' | 'ticket'>,
  region: string,
): Promise<void> {
  await plans.keep(releaseId, begunIn(region), { ticket } satisfies Begun);
}

async function hasBegun(
  plans: Pick<Records['plans'], 'kept'>,
  { runId, ticket }: { runId: string; ticket: Ticket },
  region: string,
): Promise<boolean> {
  const begun = (await plans.kept(runId, begunIn(region))) as Begun | undefined;
  return begun !== undefined && isSameTicket(begun.ticket, ticket);
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
