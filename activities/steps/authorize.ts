import { activityInfo } from '@temporalio/activity';
import { refuseChange, refuseForGood, refuseForward } from '../../domain/authority.ts';
import type { AuthorityFacts, NoWayForward, Wish } from '../../domain/authority.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { laneOfRun, orderOfRollback } from '../../domain/contract/names.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { closureInWords, closuresBy, passedBy, ticketsPassedOver } from '../../domain/lane-closures.ts';
import { formatTicket, isSameTicket } from '../../domain/ticket.ts';
import type { KnownTickets } from '../delivery/port.ts';
import type { Attempt, GoneBy, Records } from '../records/port.ts';
import { sha256 } from '../shared/sha256.ts';
import type { Verifier } from '../shared/signatures.ts';
import { atOnce } from './at-once.ts';
import { authorsOf } from './authors.ts';
import { lawful } from './lane-closings.ts';
import { proceedsDocument, refuseOvertaken } from './overtaken.ts';
import { heardAmong } from './heard.ts';
import { unrecordedPromotion } from './promote.ts';
import { planHashOf, resultOf, standingDocuments } from './recorded-result.ts';
import { refuseOtherThan, thisRun } from './touching.ts';
import type { Authority } from './types.ts';
import { requireUnderstood } from './understood.ts';
import { lookAtUndoing, refuseUndoing } from './undoable.ts';
import { verifiedRequest } from './verified-request.ts';
import { waitedMs } from './waited.ts';

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
  return sha256(canonicalJson(plan));
}

/** Undefined where nobody has it any more, or has another under that hash. */
export async function planByHash(
  plans: Pick<Records['plans'], 'find'>,
  planHash: string,
): Promise<ReleasePlan | undefined> {
  const plan = await plans.find(planHash);
  return plan && hashOfPlan(plan) === planHash ? plan : undefined;
}

/** What a step may go by once it may act: it was read to tell, and nothing is asked twice in one step. */
export interface Authorized {
  /** As stored. */
  plan: ReleasePlan;
  /** Of the lane that the run holds. */
  tickets: KnownTickets;
  /** What must still be so when it begins. */
  goneBy: GoneBy;
}

/**
 * Every step that changes an environment asks this first, before it resolves credentials, with what it is about to do. Returns the plan as
 * stored: the copy that the workflow sent is not trusted. Throws SLIP-REL-1, SLIP-REL-9, SLIP-REL-10, SLIP-REL-13, SLIP-REL-15, SLIP-REL-16
 * (all terminal), SLIP-REL-17 (retryable).
 */
export async function authorize(authority: Authority, deps: AuthorizeDependencies, wish: Wish): Promise<ReleasePlan> {
  return (await authorizeWrite(authority, deps, wish)).plan;
}

/** The same for a step that changes something. */
export async function authorizeWrite(
  authority: Authority,
  deps: AuthorizeDependencies,
  wish: Wish,
): Promise<Authorized> {
  const known = await recall(authority, deps.records);
  const { plan, attempt } = known;
  if (!plan || !attempt) throw failure('SLIP-REL-10', `${authority.subject} was not started through the gateway`);
  refuseOtherThan(known.touched);
  // Whoever starts a workflow under the id of a run that is over has its approvals, but they were for once.
  const isOver =
    known.ended !== undefined || (authority.subject === authority.releaseId && attempt.outcome !== undefined);
  if (isOver) throw failure('SLIP-REL-10', `${authority.releaseId} has ended: its approval is used up`);
  const tickets = requireLane(authority, known, deps, wish);
  const facts = await factsOf(authority, { ...known, plan, attempt }, deps, wish);
  const forGood = refuseForGood(facts);
  if (forGood !== undefined) throw failure('SLIP-REL-13', forGood);
  // Judged by the rules of before it could be refused for good for what is right.
  requireUnderstood(plan);
  const reason = refuseChange(facts, wish);
  if (reason !== undefined) throw failure(codeOf(facts, reason), reason);
  const { subject, ticket, planHash } = authority;
  const standing = known.decisions.filter(({ refused }) => refused === undefined).length;
  return { plan, tickets, goneBy: { ticket, subject, planHash, decisions: known.decisions.length, standing } };
}

/** Whether anybody can still mend it. */
function codeOf(facts: AuthorityFacts, reason: string): 'SLIP-REL-1' | NoWayForward['code'] {
  const forward = refuseForward(facts);
  return forward?.why === reason ? forward.code : 'SLIP-REL-1';
}

type Recalled = Awaited<ReturnType<typeof recall>>;

/** Everything that is on record about the run, asked for at once: each step of every release waits for it. */
async function recall({ releaseId, subject, planHash }: Authority, records: Records) {
  const { workflowId } = thisRun();
  const order = orderOfRollback(releaseId);
  const key = laneOfRun(releaseId);
  const asked = { plan: records.plans.find(planHash), attempt: records.attempts.find(subject) };
  const documents = atOnce(records.plans, [releaseId, subject], [...standingDocuments, proceedsDocument]);
  const [plan, attempt, ended, touched, decisions, breach, lane, closings, planInForce, overtaken, undoing] =
    await Promise.all([
      asked.plan,
      asked.attempt,
      documents.then((plans) => resultOf(plans, releaseId)),
      records.touched.find(workflowId),
      heardAbout(records, subject, workflowId),
      order === undefined ? undefined : records.breaches.find(order),
      key && records.lanes.look(key),
      key && records.closings.list(key),
      documents.then((plans) => planHashOf(plans, subject)),
      order === undefined
        ? documents.then((plans) => refuseOvertaken({ ...records, plans }, { releaseId, planHash }))
        : undefined,
      order === undefined || !key ? undefined : lookAtUndoing(records, { lane: key, releaseId: subject, ...asked }),
    ]);
  const facts = { ...(planInForce !== undefined && { planInForce }), ...(overtaken !== undefined && { overtaken }) };
  return { workflowId, key, plan, attempt, ended, touched, decisions, breach, lane, closings, undoing, facts };
}

/** A rollback has decisions of its own: people can call it off. */
async function heardAbout({ decisions }: Pick<Records, 'decisions'>, subject: string, workflowId: string) {
  const runs = [...new Set([subject, workflowId])];
  return (await Promise.all(runs.map((run) => decisions.weigh(run)))).flat();
}

/**
 * The lane writes whom it lets in before it tells them: a grant that only the run has heard of was not the lane's. Nor was one that lets in
 * whom a signed order, or the end of another run, had kept out before. Throws SLIP-REL-10. Returns what is known of the lane's tickets.
 */
function requireLane(
  { releaseId, ticket }: Authority,
  { key, lane, closings, touched }: Recalled,
  { verifier, now }: AuthorizeDependencies,
  { purpose }: Wish,
): KnownTickets {
  const { holder, lastTicket } = lane ?? {};
  const isHolder = holder?.member.releaseId === releaseId && isSameTicket(holder.ticket, ticket);
  if (!key || !closings || !lastTicket || !isHolder)
    throw failure('SLIP-REL-10', `${releaseId} does not hold the lane with ticket ${formatTicket(ticket)}`);
  const at = now();
  const known = lawful(closings, { lane: key, verifier });
  const passed = passedBy(closuresBy(known, { lane: key, now: at }), holder, at);
  // The way back is never closed to what has begun.
  const isForward = touched === undefined || purpose === 'deploy';
  if (passed && isForward)
    throw failure('SLIP-REL-10', `the lane was closed to ${releaseId}: ${closureInWords(passed)}`);
  return { last: lastTicket, passedOver: ticketsPassedOver(known.orders) };
}

async function factsOf(
  authority: Authority,
  { plan, attempt, ...known }: Recalled & { plan: ReleasePlan; attempt: Attempt },
  { records, verifier, floorOf, environment, now }: AuthorizeDependencies,
  wish: Wish,
): Promise<AuthorityFacts> {
  const { workflowId, breach } = known;
  const heard = heardAmong(known.decisions, verifier);
  const ordered = heard.find(({ run }) => run === workflowId) ?? breach;
  const floor = await floorOf(plan.environment);
  // Of where it is about to act: a region that is back already keeps no other on the bad release.
  const notUndoable = ordered && known.undoing && refuseUndoing(known.undoing, about(wish, ordered));
  // The document is large: it is read only where it is asked for.
  const policies = [floor.approval, plan.approval];
  const isAsked = policies.some(({ excludeAuthors }) => excludeAuthors);
  const { subject: releaseId, planHash } = authority;
  const [waited, unrecorded] = await Promise.all([
    waitedMs(records, { releaseId, planHash, policies }),
    unrecordedPromotion(records, plan),
  ]);
  return {
    workflowId,
    workflowType: activityInfo().workflowType ?? '',
    claimed: authority,
    plan,
    actualHash: hashOfPlan(plan),
    request: verifiedRequest(attempt, verifier),
    authors: isAsked ? await authorsOf(records.plans, authority.subject) : [],
    decisions: heard,
    ...known.facts,
    ...(waited !== undefined && { waitedMs: waited }),
    ...(unrecorded !== undefined && { unrecorded }),
    ...(breach && { breach }),
    ...(notUndoable && { notUndoable: notUndoable.why }),
    ...(known.touched && { begunAt: known.touched.begunAt }),
    worker: { ...(environment !== undefined && { environment }), floor },
    now: now(),
  };
}

/** Those that a step acts in, of those that were ordered. None: that is what it is refused for. */
function about({ regions: wished }: Wish, { regions: ordered }: { regions?: string[] }): string[] | undefined {
  return wished?.filter((region) => ordered?.includes(region) ?? true) ?? ordered;
}
