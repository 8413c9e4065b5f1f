import { createHash } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { refuseChange } from '../../domain/authority.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { compareTickets, formatTicket } from '../../domain/ticket.ts';
import type { Records } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';
import { resultOf } from './recorded-result.ts';
import { refuseOtherRun } from './touching.ts';
import type { Authority } from './types.ts';

export interface AuthorizeDependencies {
  records: Records;
  verifier: Verifier;
  /** Reads the operator's policy from this worker's own disk, each time: a change counts at once. */
  floorOf: (environment: string) => Promise<EnvironmentFloor>;
}

export function hashOfPlan(plan: ReleasePlan): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}

/**
 * Every step that changes an environment asks this first, before it resolves credentials. Returns the plan as stored: the copy that the
 * workflow sent is not trusted. `region`: where the step acts, if it acts in one. Throws SLIP-REL-1, SLIP-REL-9, SLIP-REL-10 (all terminal).
 */
export async function authorize(
  authority: Authority,
  { records, verifier, floorOf }: AuthorizeDependencies,
  region?: string,
): Promise<ReleasePlan> {
  const { workflowExecution, workflowType } = activityInfo();
  const order = orderOfRollback(authority.releaseId);
  const [plan, attempt, stored, ended, breach] = await Promise.all([
    records.plans.find(authority.planHash),
    records.attempts.find(authority.subject),
    records.decisions.list(authority.subject),
    resultOf(records.plans, authority.releaseId),
    order === undefined ? undefined : records.breaches.find(order),
  ]);
  if (!plan || !attempt) throw failure('SLIP-REL-10', `${authority.subject} was not started through the gateway`);
  await refuseOtherRun(records);
  // Whoever starts a workflow under the id of a run that is over has its approvals, but they were for once.
  const isOver = ended !== undefined || (authority.subject === authority.releaseId && attempt.outcome !== undefined);
  if (isOver) throw failure('SLIP-REL-10', `${authority.releaseId} has ended: its approval is used up`);
  // The lane writes whom it lets in before it tells them: a grant that only the run has heard of was not the lane's.
  const holder = await records.lanes.holder(plan);
  if (holder?.member.releaseId !== authority.releaseId || compareTickets(holder.ticket, authority.ticket) !== 0) {
    throw failure(
      'SLIP-REL-10',
      `${authority.releaseId} does not hold the lane with ticket ${formatTicket(authority.ticket)}`,
    );
  }
  const decisions = stored.filter((signed) => verifier.verify(signed)).map((signed) => signed.decision);
  const floor = await floorOf(plan.environment);
  const reason = refuseChange({
    workflowId: workflowExecution?.workflowId ?? '',
    workflowType: workflowType ?? '',
    claimed: authority,
    ...(region !== undefined && { region }),
    plan,
    actualHash: hashOfPlan(plan),
    request: attempt.request,
    decisions,
    ...(breach && { breach }),
    floor: floor.approval,
    rollBackOnBreach: floor.rollBackOnBreach ?? false,
  });
  if (reason !== undefined) throw failure('SLIP-REL-1', reason);
  return plan;
}
