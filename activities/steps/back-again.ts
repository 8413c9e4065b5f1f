import type { Ticket } from '../../domain/contract/release.ts';
import { isSameTicket } from '../../domain/ticket.ts';
import type { OwnChange, Records } from '../records/port.ts';
import { markOf, refuseUnderWay, unseenYet } from './region-proofs.ts';
import type { RegionMark } from './region-proofs.ts';
import type { Authority } from './types.ts';

/** Under which name it is kept that a region is back. */
export const backIn = (region: string) => `back-${region}`;

/** That components were seen standing there again, put back by this run. */
interface BackProof {
  ticket: Ticket;
  components: string[];
  /** The last change of the region by this run when the look began. */
  change: number;
}

/**
 * A look has seen these components back; those count that this run has put there itself, and wholly: then the place refuses its late deploys.
 * Throws SLIP-REL-12 (retryable) where something has begun there meanwhile: a run that is back must not end as one that is not.
 */
export async function keepBack(
  { plans, changes }: Pick<Records, 'plans' | 'changes'>,
  { releaseId, ticket }: Pick<Authority, 'releaseId' | 'ticket'>,
  region: string,
  { components, mark }: { components: string[]; mark: RegionMark },
): Promise<void> {
  const [now, own] = await Promise.all([markOf({ changes }, releaseId, region), changes.lastOf([releaseId])]);
  if (now.last?.number !== mark.last?.number) throw unseenYet(region);
  refuseUnderWay(region, { underWay: mark.underWay, components });
  const there = own.filter((one) => one.region === region);
  const putBack = there.filter(({ purpose, isDone }) => purpose === 'roll-back' && isDone);
  const put = new Set(putBack.map(({ component }) => component));
  const back = components.filter((component) => put.has(component));
  const proof: BackProof = { ticket, components: back, change: lastOf(there) };
  await plans.keep(releaseId, backIn(region), proof);
}

/**
 * Components that a step has seen back in the region, put there by this run, and not changed by it since. `own`: the last changes of this run,
 * and of others. `ticket`: by which the run holds the lane. Of a run of the past it may have been any: what it says of itself was held against
 * the records when it ended.
 */
export async function backAgain(
  plans: Pick<Records['plans'], 'kept'>,
  { runId, ticket, own }: { runId: string; ticket: Ticket | 'any' | undefined; own: readonly OwnChange[] },
  region: string,
): Promise<string[]> {
  const proof = (await plans.kept(runId, backIn(region))) as BackProof | undefined;
  const there = own.filter((one) => one.workflowId === runId && one.region === region);
  if (!proof || proof.change !== lastOf(there) || !Array.isArray(proof.components)) return [];
  const isItsOwn = ticket === 'any' || isSameTicket(proof.ticket, ticket);
  return isItsOwn ? proof.components.filter((one) => typeof one === 'string') : [];
}

const lastOf = (changes: readonly OwnChange[]) => changes.reduce((last, { number }) => Math.max(last, number), 0);
