import { refuseCalledOff } from './called-off.ts';
import type { Breach } from './contract/breach.ts';
import type { Decision } from './contract/decisions.ts';
import type { EnvironmentFloor } from './contract/policy.ts';
import type { ApprovalPolicy, Millis, ReleasePlan, ReleaseRequest } from './contract/release.ts';
import { isOrderBack, refuseDecider } from './approval.ts';
import { decidersBy, refuseFollowUp } from './deciders.ts';
import type { Deciders } from './deciders.ts';
import { refuseBeyondPolicy, refusePlaceBeyondPolicy } from './plan-bounds.ts';
import { readRunId, runKinds, takesOrdersBy } from './run-kinds.ts';
import type { Purpose, RunKinds } from './run-kinds.ts';

/** A decision whose signature holds, and that was not refused. */
export interface HeardDecision extends Decision {
  /** It came after the run had begun to change something. */
  afterChange?: boolean;
}

export interface AuthorityFacts {
  /** The workflow that scheduled the activity, as Temporal says. */
  workflowId: string;
  workflowType: string;
  /** What the activity was given. */
  claimed: { releaseId: string; subject: string; planHash: string };
  plan: ReleasePlan;
  /** sha256 of the plan as stored. */
  actualHash: string;
  /** What the gateway recorded when it started the release. */
  request: ReleaseRequest;
  /** Who has written what it releases; see `Behind`. */
  authors: readonly string[] | 'unknown';
  /** About the subject, and about this run. */
  decisions: HeardDecision[];
  /** What was seen broken, if the id of this run names it. */
  breach?: Breach;
  /** Why the subject is nothing that can be undone, by the records; absent where it can, and for a run that is its own subject. */
  notUndoable?: string;
  /** The plan that was made last for the subject; absent where nothing is on record. */
  planInForce?: string;
  /** Of a release: why its plan does not stand any more against what runs there, as it was held against it when it got the lane. */
  overtaken?: string;
  /** Of a release: why its plan does not say where its images come from as the records have it. */
  unrecorded?: string;
  /** How long the plan has been before people, ms, by the clock of the records. Absent: it is not known, or nobody is let approve by that. */
  waitedMs?: Millis;
  /** When this run began to change something; absent where it has not. */
  begunAt?: Millis;
  /** Of the worker's own: the environment that it serves, absent where it serves none, and what its policy says of this one. */
  worker: { environment?: string; floor: EnvironmentFloor };
  now: Millis;
}

/** What one run may do to its environment, for now: where it may put in place what its plan has, and where it may go back, or in words why not. */
type Capability = Readonly<Record<Purpose, readonly string[] | string>>;

/** What a step is about to do. Without a purpose: to look. Without regions: something that is in none, for the plan as a whole. */
export interface Wish {
  purpose?: Purpose;
  regions?: readonly string[];
}

/** Why this run may not do that to its environment; undefined when it may. */
export function refuseChange(facts: AuthorityFacts, wish: Wish, kinds: RunKinds = runKinds): string | undefined {
  const capability = capabilityOf(facts, kinds);
  return typeof capability === 'string' ? capability : refuseWish(facts.workflowId, capability, wish);
}

/**
 * What this run may do, or in words why it may do nothing. Computed by each step from what the gateway recorded, people signed, the records
 * know, and the policy on the worker's own disk says: nothing that a workflow says about itself counts, so that somebody with access to
 * Temporal alone gets no further than here.
 */
function capabilityOf(facts: AuthorityFacts, kinds: RunKinds = runKinds): Capability | string {
  const { workflowId, workflowType, claimed, plan } = facts;
  const { kind, lane } = readRunId(workflowId, kinds) ?? {};
  if (workflowId !== claimed.releaseId) return `it was scheduled by ${workflowId}, not by ${claimed.releaseId}`;
  if (!lane || lane.service !== plan.service || lane.environment !== plan.environment)
    return 'the plan is for another lane';
  if (workflowType !== kind?.workflowType) return `${workflowType} may not change anything`;
  const strange = refuseStrangePlan(facts) ?? refuseForGood(facts, kinds);
  if (strange !== undefined) return strange;
  return kind.authority === 'approvals' ? ofApproved(facts, kind.purposes, kinds) : ofOrdered(facts, kinds);
}

function refuseWish(workflowId: string, capability: Capability, { purpose, regions }: Wish): string | undefined {
  const found = purpose ? [capability[purpose]] : [capability.deploy, capability['roll-back']];
  const allowed = found.flatMap((regions) => (typeof regions === 'string' ? [] : regions));
  const what = purpose ?? 'act';
  if (allowed.length === 0)
    return found.find((reason) => typeof reason === 'string') ?? `${workflowId} may not ${what}`;
  const beyond = regions?.filter((region) => !allowed.includes(region)) ?? [];
  return beyond.length > 0
    ? `${workflowId} may ${what} in ${allowed.join(', ')}, and not in ${beyond.join(', ')}`
    : undefined;
}

/** The plan must be the one that was approved, of the release that was asked for, in the environment that this worker serves. */
function refuseStrangePlan({
  plan,
  actualHash,
  claimed,
  request,
  worker,
  planInForce,
}: AuthorityFacts): string | undefined {
  if (actualHash !== claimed.planHash) return 'the stored plan does not have the hash that was approved';
  if (planInForce !== undefined && planInForce !== claimed.planHash) return 'another plan of this release is in force';
  if (request.commit !== plan.commit || request.environment !== plan.environment || request.service !== plan.service)
    return 'the plan is not of the release that the gateway recorded';
  return refuseElsewhere(plan, worker) ?? refusePlaceBeyondPolicy(plan, worker.floor);
}

/** Whatever its queue hands it, a worker of one environment does nothing for another. One that serves none has no credentials of any. */
export function refuseElsewhere(
  { environment }: Pick<ReleasePlan, 'environment'>,
  { environment: served }: { environment?: string },
): string | undefined {
  if (served === undefined || served === environment) return undefined;
  return `the plan is for ${environment}, and this worker serves ${served}`;
}

/**
 * A release acts for itself, as its plan was approved. Called off, or ordered to go back, it may only do that: what it has changed must not
 * stay half done.
 */
function ofApproved(facts: AuthorityFacts, purposes: readonly Purpose[], kinds: RunKinds): Capability | string {
  const { claimed, plan } = facts;
  if (claimed.subject !== claimed.releaseId) return 'a release can only act for itself';
  const stale = refuseUnapprovedPlan(facts) ?? facts.overtaken;
  if (stale !== undefined) return stale;
  const everywhere = plan.regions.map(({ name }) => name);
  const no = refuseForward(facts, kinds)?.why;
  const may = (purpose: Purpose) => (purposes.includes(purpose) ? everywhere : []);
  // What the policy has taken out since keeps nobody from going back, as long as the place itself is still in it.
  const deploy = no ?? facts.unrecorded ?? refuseBeyondPolicy(plan, facts.worker.floor) ?? may('deploy');
  return { deploy, 'roll-back': may('roll-back') };
}

export interface NoWayForward {
  /** People want it back; or it has taken longer than anybody's word is good for. */
  code: 'SLIP-REL-15' | 'SLIP-REL-16';
  why: string;
}

/** Why a release may only go back from now on, whatever people mend; undefined where it may go forward, or somebody may still let it. */
export function refuseForward(facts: AuthorityFacts, kinds: RunKinds = runKinds): NoWayForward | undefined {
  if (readRunId(facts.workflowId, kinds)?.kind.authority !== 'approvals') return undefined;
  const wanted = calledOff(facts) ?? orderedBack(facts);
  if (wanted !== undefined) return { code: 'SLIP-REL-15', why: wanted };
  const late = refuseLate(facts);
  return late === undefined ? undefined : { code: 'SLIP-REL-16', why: late };
}

/**
 * Why this run will never be able to change anything any more, whatever people mend: it was called off before it began, or what it was to
 * undo is undone. Undefined where it may, or where somebody may still let it.
 */
export function refuseForGood(facts: AuthorityFacts, kinds: RunKinds = runKinds): string | undefined {
  const authority = readRunId(facts.workflowId, kinds)?.kind.authority;
  if (authority === undefined) return undefined;
  const no = facts.begunAt !== undefined ? undefined : calledOff(facts);
  if (no !== undefined || authority === 'approvals') return no;
  const order = orderOf(facts, kinds);
  if (!order) return breachOf(facts, kinds) ? facts.notUndoable : 'nobody signed this rollback';
  const hasExpired = (order.expiresAt ?? 0) <= facts.now;
  const late = facts.begunAt === undefined ? hasExpired && 'it has expired' : refuseLate(facts);
  return late ? `the order of ${order.by.id} counts no more, ${late}: order it again` : facts.notUndoable;
}

/** By a no about this very run: a release, or a rollback that was ordered. */
function calledOff({ workflowId, decisions }: AuthorityFacts): string | undefined {
  return refuseCalledOff(decisions, workflowId);
}

/**
 * This run is to put back what it has changed. It counts whether the run has heard of it or not, so that there is a way to stop one that does
 * not do what it was told; and whoever may decide by now: as with a no, that was asked when it was signed.
 */
function orderedBack({ workflowId, decisions }: AuthorityFacts): string | undefined {
  const order = decisions.find((decision) => isOrderBack(decision, workflowId));
  return order && `${order.by.id} has ordered it back`;
}

/** What was approved, or ordered, was so for now: between the first change and the last are days, and what the plan itself bakes. */
function refuseLate({ begunAt, plan, now }: AuthorityFacts): string | undefined {
  const mayTakeMs = longestMs + bakesOf(plan);
  if (begunAt === undefined || now - begunAt <= mayTakeMs) return undefined;
  return `it began to change something more than ${Math.round(mayTakeMs / dayMs)} days ago`;
}

/** Waves go one after the other: each bakes for itself. */
function bakesOf({ waves }: ReleasePlan): Millis {
  const looks = waves.flatMap(({ stages }) => stages.flatMap(({ observe }) => observe));
  return looks.reduce((sum, { forMs }) => sum + forMs, 0);
}

/** The one that a person has signed for this very run. */
function orderOf({ workflowId, decisions, claimed }: AuthorityFacts, kinds: RunKinds): HeardDecision | undefined {
  if (!takesOrdersBy(workflowId, 'decider', kinds)) return undefined;
  const { subject, planHash } = claimed;
  return decisions.find(
    (d) => d.kind === 'roll-back' && d.run === workflowId && d.releaseId === subject && d.planHash === planHash,
  );
}

function breachOf({ workflowId, breach }: AuthorityFacts, kinds: RunKinds): Breach | undefined {
  return takesOrdersBy(workflowId, 'breach', kinds) ? breach : undefined;
}

/** By the operator's policy, and the plan itself. */
function decidersOf({ worker, plan }: AuthorityFacts): Deciders {
  return decidersBy(worker.floor, plan.service, plan);
}

/** As many as any policy asks for, each by somebody whom all of them let approve: whom one of them names no more counts for none. */
function refuseUnapprovedPlan(facts: AuthorityFacts): string | undefined {
  const policies = decidersOf(facts).policies.filter(({ required }) => required);
  if (policies.length === 0) return undefined;
  const people = new Set(approvalsUnder(facts, policies).map(({ by }) => by.id)).size;
  const wanted = Math.max(1, ...policies.map(({ quorum }) => quorum));
  return people >= wanted ? undefined : `${people} of ${wanted} approvals of this plan hold`;
}

/** A release that waits for its lane longer than this has to be approved anew, as nobody remembers what they said yes to; so long it may take. */
const dayMs = 86_400_000;
const longestMs = 30 * dayMs;

function approvalsUnder(
  { decisions, claimed, request, authors, begunAt, now, waitedMs, worker }: AuthorityFacts,
  policies: ApprovalPolicy[],
): HeardDecision[] {
  const { planHash, subject, releaseId } = claimed;
  const { requestedBy } = request;
  const { people } = worker.floor;
  // What undoes a release goes by what was approved before that began, however long ago.
  const mayBeOld = subject !== releaseId;
  const isOld = ({ decidedAt }: Decision) => !mayBeOld && (begunAt ?? now) - decidedAt > longestMs;
  // Attempts of one commit have the same plan: an approval counts for the attempt it was given to.
  const ours = decisions.filter((d) => d.kind === 'approve' && d.releaseId === subject && !isOld(d));
  return ours.filter(
    (d) =>
      d.planHash === planHash &&
      refuseDecider({ decision: d, requestedBy, authors, policies, waitedMs, ...(people && { people }) }) === undefined,
  );
}

/**
 * Such a run exists because of one order, whose id its own id carries: a person's signed one, or a breach that the plan speaks of. It goes
 * back, in the regions of its order, for as long as there is something to undo.
 */
function ofOrdered(facts: AuthorityFacts, kinds: RunKinds): Capability | string {
  const ordered = regionsOfOrder(facts, kinds);
  if (typeof ordered === 'string') return ordered;
  const planned = facts.plan.regions.map(({ name }) => name);
  return { deploy: [], 'roll-back': planned.filter((region) => ordered?.includes(region) ?? true) };
}

/** Those that the order names; undefined: all. */
function regionsOfOrder(facts: AuthorityFacts, kinds: RunKinds): readonly string[] | string | undefined {
  const { worker, plan, begunAt } = facts;
  const order = orderOf(facts, kinds);
  const breach = breachOf(facts, kinds);
  if (!order) return breach ? (refuseBreach(facts, breach) ?? breach.regions) : 'nobody signed this rollback';
  // Once it has begun it goes on, whoever is on call by now: regions that are half back are worse than either.
  if (begunAt === undefined && refuseFollowUp(decidersBy(worker.floor, plan.service), order.by) !== undefined)
    return `${order.by.id} may not order a rollback here`;
  return order.regions;
}

/**
 * No person has ordered this one. What lets it act is what people approved before: the plan says so, its approvals hold, the operator allows
 * it here, and the breach is of this very release under this very plan.
 */
function refuseBreach(facts: AuthorityFacts, breach: Breach): string | undefined {
  const { workflowId, claimed, plan } = facts;
  if (!workflowId.endsWith(`/${breach.id}`) || breach.releaseId !== claimed.subject)
    return 'nobody has seen this release broken';
  if (breach.planHash !== claimed.planHash) return 'the breach was seen under another plan';
  if (plan.onBreach !== 'roll-back') return 'the plan does not let anything but a person roll it back';
  if (!facts.worker.floor.rollBackOnBreach)
    return "the operator's policy does not let anything but a person roll back here";
  return refuseUnapprovedPlan(facts);
}
