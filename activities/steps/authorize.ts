import { createHash } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { refuseChange, type AuthorityFacts, type Wish } from '../../domain/authority.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { closureInWords, keepsOut } from '../../domain/lane-closures.ts';
import { memberKindOf } from '../../domain/run-kinds.ts';
import { compareTickets, formatTicket } from '../../domain/ticket.ts';
import type { Attempt, Records } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';
import { authorsOf } from './authors.ts';
import { closuresOf } from './lane-closings.ts';
import { resultOf } from './recorded-result.ts';
import { refuseOtherRun } from './touching.ts';
import type { Authority } from './types.ts';
import { refuseUndoing } from './undoable.ts';
import { verifiedRequest } from './verified-request.ts';

export interface AuthorizeDependencies {
  records: Records;
  verifier: Verifier;
  /** Reads the operator's policy from this worker's own disk, each time: a change counts at once. */
  floorOf: (environment: string) => Promise<EnvironmentFloor>;
  /** The only environment that this worker changes; absent for one that changes none. */
  environment?: string;
  now: () => number;
}

export function hashOfPlan(plan: ReleasePlan): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}

/**
 * Every step that changes an environment asks this first, before it resolves credentials, with what it is about to do. Returns the plan as
 * stored: the copy that the workflow sent is not trusted. Throws SLIP-REL-1, SLIP-REL-9, SLIP-REL-10 (all terminal).
 */
export async function authorize(authority: Authority, deps: AuthorizeDependencies, wish: Wish): Promise<ReleasePlan> {
  const { records } = deps;
  const [plan, attempt, ended] = await Promise.all([
    records.plans.find(authority.planHash),
    records.attempts.find(authority.subject),
    resultOf(records.plans, authority.releaseId),
  ]);
  if (!plan || !attempt) throw failure('SLIP-REL-10', `${authority.subject} was not started through the gateway`);
  await refuseOtherRun(records);
  // Whoever starts a workflow under the id of a run that is over has its approvals, but they were for once.
  const isOver = ended !== undefined || (authority.subject === authority.releaseId && attempt.outcome !== undefined);
  if (isOver) throw failure('SLIP-REL-10', `${authority.releaseId} has ended: its approval is used up`);
  await requireLane(authority, plan, deps);
  const reason = refuseChange(await factsOf(authority, { plan, attempt }, deps), wish);
  if (reason !== undefined) throw failure('SLIP-REL-1', reason);
  return plan;
}

/**
 * The lane writes whom it lets in before it tells them: a grant that only the run has heard of was not the lane's. Nor was one that lets in
 * whom a signed order, or the end of another run, had kept out before.
 */
async function requireLane(
  { releaseId, ticket }: Authority,
  plan: ReleasePlan,
  deps: AuthorizeDependencies,
): Promise<void> {
  const holder = await deps.records.lanes.holder(plan);
  if (holder?.member.releaseId !== releaseId || compareTickets(holder.ticket, ticket) !== 0)
    throw failure('SLIP-REL-10', `${releaseId} does not hold the lane with ticket ${formatTicket(ticket)}`);
  const now = deps.now();
  const member = { ...holder.member, kind: memberKindOf(releaseId) };
  const closed = (await closuresOf(deps, plan, now)).find(
    (closure) => closure.storedAt < holder.heldSince && keepsOut(closure, member, now),
  );
  if (closed) throw failure('SLIP-REL-10', `the lane was closed to ${releaseId}: ${closureInWords(closed)}`);
}

async function factsOf(
  authority: Authority,
  { plan, attempt }: { plan: ReleasePlan; attempt: Attempt },
  { records, verifier, floorOf, environment, now }: AuthorizeDependencies,
): Promise<AuthorityFacts> {
  const { workflowExecution, workflowType = '' } = activityInfo();
  const workflowId = workflowExecution?.workflowId ?? '';
  const order = orderOfRollback(authority.releaseId);
  const [stored, breach, touched, authors, floor] = await Promise.all([
    records.decisions.weigh(authority.subject),
    order === undefined ? undefined : records.breaches.find(order),
    records.touched.find(workflowId),
    authorsOf(records.plans, authority.subject),
    floorOf(plan.environment),
  ]);
  const heard = stored.filter((signed) => signed.refused === undefined && verifier.verify(signed));
  const ordered = heard.find(({ decision }) => decision.run === workflowId)?.decision ?? breach;
  const notUndoable = ordered && (await refuseUndoing(records, { lane: plan, attempt, regions: ordered.regions }));
  return {
    workflowId,
    workflowType,
    claimed: authority,
    plan,
    actualHash: hashOfPlan(plan),
    request: verifiedRequest(attempt, verifier),
    authors,
    decisions: heard.map(({ decision, afterChange }) => ({ ...decision, afterChange })),
    ...(breach && { breach }),
    ...(notUndoable && { notUndoable: notUndoable.why }),
    hasBegun: touched !== undefined,
    worker: { ...(environment !== undefined && { environment }), floor },
    now: now(),
  };
}
