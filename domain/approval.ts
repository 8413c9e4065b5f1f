import type { Decision, SignedDecision } from './contract/decisions.ts';
import type { ApprovalPolicy, Identity, Millis } from './contract/release.ts';
import type { Stage } from './contract/status.ts';
import { approversBy, asksNobody, refuseFollowUp, refuseOutsider } from './deciders.ts';
import type { Deciders } from './deciders.ts';
import { asKnown, refuseStranger, wasNamed } from './people.ts';
import { ofMessage, weigh } from './weight.ts';

/** `via`: absent of whoever has ordered a rollback, which nobody approves. */
type Asker = Pick<Identity, 'id' | 'behind'> & Partial<Pick<Identity, 'via'>>;

/** Who stands behind what is to be decided. */
export interface Behind {
  requestedBy: Asker;
  /**
   * Addresses, in lower case, of those who have written what is released and not verified there yet. `unknown`: it must be asked, and nobody
   * knows. Absent: it is asked elsewhere.
   */
  authors?: readonly string[] | 'unknown';
}

export interface Waited {
  /** How long the plan has been before people, ms, by the records; absent where they do not say, or nothing depends on it. */
  waitedMs?: Millis | undefined;
}

export interface ApprovalFacts extends Behind {
  policy: ApprovalPolicy;
  planHash: string;
  /** Decisions whose signatures hold, in the order in which they came. */
  decisions: Decision[];
  /** When the plan was put before people, and the time now. */
  askedAt: Millis;
  now: Millis;
}

export type ApprovalVerdict =
  | { kind: 'approved'; by: Decision[] }
  | { kind: 'rejected'; by: Decision }
  | { kind: 'waiting'; missing: number; until: Millis }
  | { kind: 'expired' };

/** Has this very plan been approved by enough people who may? One rejection by one of them ends it. */
export function evaluateApproval(facts: ApprovalFacts): ApprovalVerdict {
  const { policy, now } = facts;
  const until = facts.askedAt + policy.expiresMs;
  const waitedMs = now - facts.askedAt;
  const eligible = facts.decisions.filter(
    (d) => mayDecide({ ...facts, waitedMs }, d) === undefined && d.decidedAt <= until,
  );
  const rejection = eligible.find((d) => d.kind === 'reject');
  if (rejection) return { kind: 'rejected', by: rejection };
  const approvals = onePerPerson(eligible.filter((d) => d.kind === 'approve'));
  const wanted = policy.required ? Math.max(1, policy.quorum) : 0;
  if (approvals.length >= wanted) return { kind: 'approved', by: approvals };
  return now >= until ? { kind: 'expired' } : { kind: 'waiting', missing: wanted - approvals.length, until };
}

/** Why this decision does not count for this plan; undefined when it does. A no to one plan of a release is a no to the release. */
function mayDecide(
  { policy, planHash, requestedBy, authors, waitedMs }: Behind & Waited & Pick<ApprovalFacts, 'policy' | 'planHash'>,
  decision: Pick<Decision, 'kind' | 'planHash' | 'by'>,
): string | undefined {
  if (decision.kind !== 'reject' && decision.planHash !== planHash) return 'it was made for another plan';
  const outside = asksNobody(policy)
    ? undefined
    : refuseOutsider({ groups: approversBy(policy, waitedMs) }, decision.by);
  if (outside !== undefined) return outside;
  if (decision.kind !== 'approve') return undefined;
  if (policy.excludeRequester && decision.by.id === requestedBy.id)
    return `${decision.by.id} asked for this release and may not approve it`;
  if (policy.excludeRequester && decision.by.id === requestedBy.behind)
    return `${decision.by.id} made the token by which this release was asked for and may not approve it`;
  return policy.excludeAuthors && authors ? refuseAuthor(authors, decision.by) : undefined;
}

/** Somebody whose addresses nobody knows may be any of them. */
function refuseAuthor(authors: readonly string[] | 'unknown', { id, emails = [] }: Identity): string | undefined {
  if (authors === 'unknown') return 'who has written the commits of this release is not on record';
  if (emails.length === 0)
    return `it is not known under which address ${id} writes commits, and authors may not approve`;
  const isAuthor = emails.some((email) => authors.includes(email.toLowerCase()));
  return isAuthor ? `${id} has written commits of this release and may not approve it` : undefined;
}

/** Why this person may not decide this; undefined when they may. Approvals are for those who may approve alone, whoever is on call. */
export function refuseDecider({
  decision,
  requestedBy,
  authors,
  waitedMs,
  ...deciders
}: Behind & Deciders & Waited & { decision: Pick<Decision, 'kind' | 'planHash' | 'by'> }): string | undefined {
  const { kind, planHash, by } = decision;
  const stranger = refuseStranger(by, deciders.people);
  if (stranger !== undefined) return stranger;
  if (kind === 'approve' || kind === 'reject') {
    const known = { ...decision, by: asKnown(by, deciders.people) };
    const asked = wasNamed(requestedBy, by.id, deciders.people) ? { ...requestedBy, id: by.id } : requestedBy;
    return deciders.policies
      .map((policy) =>
        mayDecide({ policy, planHash, requestedBy: asked, waitedMs, ...(authors && { authors }) }, known),
      )
      .find((reason) => reason !== undefined);
  }
  // Whoever asked for a release may also call it off, and may have a step tried again that would be anyway.
  if ((kind === 'abort' || kind === 'retry') && by.id === requestedBy.id) return undefined;
  return refuseFollowUp(deciders, by);
}

function onePerPerson(decisions: Decision[]): Decision[] {
  return [...new Map(decisions.map((d) => [d.by.id, d])).values()];
}

/** What counts for whether a decision can be taken now. */
export interface DecidableRun {
  releaseId: string;
  /** Whether it puts anything new in place: what only goes back cannot be rolled back. */
  deploys: boolean;
  stage: Stage;
  planHash?: string;
  /** Whether anything outside has been changed yet. */
  touched: boolean;
  /** A step of it waits for somebody or something outside, and is tried again. */
  isHeld: boolean;
  decisionIds: string[];
}

/** Why this decision cannot be taken now; undefined when it can. A decision already taken can be taken again: it changes nothing. */
export function refuseDecision(run: DecidableRun, decision: Decision): string | undefined {
  if (decision.releaseId !== run.releaseId) return `it is about ${decision.releaseId}`;
  if (run.decisionIds.includes(decision.id)) return undefined;
  if (decision.run !== undefined) return `it orders a run of its own: ${decision.run}`;
  if (run.stage === 'done') return 'the run has ended';
  switch (decision.kind) {
    case 'reject':
      // Also when it was approved already, for as long as it has changed nothing: a signed no counts at every step.
      if (run.deploys && run.touched) return 'something has been changed already: ask for a rollback instead';
      return run.deploys ? undefined : `the run is ${run.stage}, not awaiting approval`;
    case 'approve':
      if (run.stage !== 'awaiting-approval') return `the run is ${run.stage}, not awaiting approval`;
      return decision.planHash === run.planHash ? undefined : 'it was made for another plan';
    case 'abort':
      if (run.stage === 'rolling-back') return 'a rollback is under way, and is not left half done';
      return run.touched ? 'something has been changed already: ask for a rollback instead' : undefined;
    case 'roll-back':
      if (!run.deploys) return 'this run is a rollback already';
      return run.touched ? undefined : 'nothing has been changed yet: abort instead';
    case 'accept-failure':
      if (!run.touched) return 'nothing has been changed yet: abort instead';
      return run.stage === 'held' || run.isHeld ? undefined : `the run is ${run.stage}, not held`;
    case 'retry':
      return run.isHeld ? undefined : `the run is ${run.stage}: no step of it waits to be tried again`;
  }
}

/** Keeps a run from going on: it needs no right beyond that of who says it, and is never void: activities/records/schema-refused.ts knows these kinds, too. */
export function isNo(kind: Decision['kind']): boolean {
  return kind === 'reject' || kind === 'abort';
}

/** Whether the steps of a run go by it, as soon as it is on record; what it does about a failure is for the run alone. */
export function isForSteps(kind: Decision['kind']): boolean {
  return kind !== 'retry' && kind !== 'accept-failure';
}

/**
 * Says of a run that is open that it is to put back what it has changed; an order that names a run of its own says it of one that is over. The
 * schema of the records asks the same (activities/records/schema-refused.ts).
 */
export function isOrderBack(
  { kind, run, releaseId }: Pick<Decision, 'kind' | 'run' | 'releaseId'>,
  about: string,
): boolean {
  return kind === 'roll-back' && run === undefined && releaseId === about;
}

/** Whether something that came over the wire has the shape of a signed decision; says nothing about its signature. */
export function isSignedDecision(value: unknown): value is SignedDecision {
  if (typeof value !== 'object' || value === null || weigh(value, ofMessage) !== undefined) return false;
  const { decision, keyId, signature } = value as Partial<SignedDecision>;
  if (typeof keyId !== 'string' || typeof signature !== 'string') return false;
  if (typeof decision !== 'object' || decision === null) return false;
  const { id, kind, releaseId, planHash, by, channel, decidedAt, reason } = decision as Partial<Decision>;
  const texts = [id, kind, releaseId, planHash, channel, reason, by?.id];
  return texts.every((t) => typeof t === 'string') && typeof decidedAt === 'number' && Array.isArray(by?.groups);
}
