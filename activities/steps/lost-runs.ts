import { laneOfRun } from '../../domain/contract/names.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { outcomeOfLost } from '../../domain/outcomes.ts';
import type { Records } from '../records/port.ts';
import { leaveHold } from './lane-closings.ts';
import { orderOfRun } from './order-of-run.ts';
import type { OrderDependencies } from './order-of-run.ts';
import { resultOf } from './recorded-result.ts';
import { changedBy } from './touching.ts';

interface Known extends OrderDependencies {
  records: Pick<
    Records,
    'attempts' | 'plans' | 'touched' | 'inventory' | 'decisions' | 'breaches' | 'closings' | 'lanes'
  >;
}

/**
 * How a run that is closed has ended. It records its outcome before it closes: one without an outcome was ended from outside (terminated,
 * or its history deleted: see `hadBegun`), so that nobody knows what it left behind, and that is what is recorded. Undefined for a run that nobody has
 * asked for.
 */
export async function concludeLost(known: Known, releaseId: string, now: number): Promise<string | undefined> {
  const { records } = known;
  const attempt = await records.attempts.find(releaseId);
  if (!attempt) return concludeLostRollback(known, releaseId, now);
  if (attempt.outcome !== undefined) return attempt.outcome;
  const summary = await whatIsLeft(records, releaseId);
  await leaveHold(records, { releaseId, outcome: outcomeOfLost, summary }, now);
  await records.inventory.takeBack({ run: releaseId, releaseId }, summary);
  await records.attempts.conclude(releaseId, { outcome: outcomeOfLost, summary, endedAt: now });
  return outcomeOfLost;
}

/**
 * Whether a run that Temporal does not know had begun, so that its history is gone: it has changed something, or has the lane. Of any other,
 * nobody can tell it from one that was asked for while Temporal was away.
 */
export async function hadBegun(
  { touched, lanes }: Pick<Records, 'touched' | 'lanes'>,
  releaseId: string,
): Promise<boolean> {
  if ((await touched.find(releaseId)) !== undefined) return true;
  const lane = laneOfRun(releaseId);
  return lane !== undefined && (await lanes.holder(lane))?.member.releaseId === releaseId;
}

/** A rollback is no attempt of a commit: its end is its result. */
async function concludeLostRollback(known: Known, releaseId: string, now: number): Promise<string | undefined> {
  const { records } = known;
  const ended = await resultOf(records.plans, releaseId);
  if (ended) return ended.outcome;
  const order = await orderOfRun(known, releaseId);
  if (!order) return undefined;
  const summary = await whatIsLeft(records, releaseId);
  const result: ReleaseResult = { outcome: outcomeOfLost, summary, artifacts: [], regions: [], timings: [] };
  await leaveHold(records, { releaseId, outcome: outcomeOfLost, summary }, now);
  await records.inventory.takeBack({ run: releaseId, releaseId: order.releaseId }, summary);
  await records.plans.keep(releaseId, 'result', result);
  return outcomeOfLost;
}

/** From now on it begins nothing more: what is on record of it is all that it has changed. */
async function whatIsLeft(records: Known['records'], releaseId: string): Promise<string> {
  await records.touched.close(releaseId);
  const changed = await changedBy(records, releaseId);
  // What that is, whoever tells this names from the records: the hold, and how the run is seen to have ended.
  const howFar = changed.length > 0 ? 'half way' : 'with no change on record';
  return `its run was ended from outside, ${howFar}: look at what it left behind`;
}
