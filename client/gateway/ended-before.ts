import type { Attempt } from '../../activities/records/port.ts';
import { leftBehindIn } from '../../activities/steps/left-behind.ts';
import { lastPlanOf } from '../../activities/steps/recorded-result.ts';
import type { EndedBefore } from '../../domain/contract/gateway.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import { noMoreThere } from '../../domain/still-there.ts';
import type { GatewayParts } from './calls.ts';

/**
 * How a release has ended that somebody asks for again, and whether that still says what is there, by the records: no cluster is asked. Undefined for
 * one that has no end on record.
 */
export async function endedBefore(parts: GatewayParts, attempt: Attempt): Promise<EndedBefore | undefined> {
  const { outcome, summary, endedAt } = attempt;
  if (outcome === undefined) return undefined;
  const noMore = meaningOf(outcome).proven ? await whatIsNoMore(parts, attempt) : [];
  return {
    outcome,
    ...(summary && { summary }),
    ...(endedAt !== undefined && { endedAt }),
    ...(noMore.length > 0 && { noMore }),
  };
}

async function whatIsNoMore({ records }: GatewayParts, { releaseId, request }: Attempt): Promise<string[]> {
  const plan = await lastPlanOf(records.plans, releaseId);
  if (!plan) return ['what it had put in place is not on record any more'];
  const inventory = await records.inventory.current(request);
  return noMoreThere({ releaseId, plan, inventory, left: await leftBehindIn(records, request, inventory) });
}
