import type { Breach } from './contract/breach.ts';
import type { DeliveredArtifact } from './contract/delivery.ts';
import type { ApprovalPolicy, PinnedImage, ReleasePlan, ReleaseRequest, VerifiedRelease } from './contract/release.ts';
import type { Decision } from './contract/decisions.ts';
import { mayDecide, refuseOutsider } from './approval.ts';
import { artifactOf, deliveryKindOf } from './delivery.ts';
import { isFor, readRunId, runKinds, takesOrdersBy } from './run-kinds.ts';
import type { RunKinds } from './run-kinds.ts';

export interface AuthorityFacts {
  /** The workflow that scheduled the activity, as Temporal says. */
  workflowId: string;
  workflowType: string;
  /** What the activity was given. */
  claimed: { releaseId: string; subject: string; planHash: string };
  /** Where the step acts; absent for a step that acts in no region of its own. */
  region?: string;
  plan: ReleasePlan;
  /** sha256 of the plan as stored. */
  actualHash: string;
  /** What the gateway recorded when it started the release. */
  request: ReleaseRequest;
  /** Decisions about the subject whose signatures hold. */
  decisions: Decision[];
  /** What was seen broken, if the id of this run names it. */
  breach?: Breach;
  /** The operator's floor for this environment, from the worker's own disk. */
  floor: ApprovalPolicy;
  /** The same for what the engine may do by itself. Absent: nothing. */
  rollBackOnBreach?: boolean;
}

/**
 * Whether this run may change its environment; the reason when it may not. Rights come from what the gateway recorded and people
 * signed, never from what a workflow says about itself: somebody with access to Temporal alone gets no further than here.
 */
export function refuseChange(facts: AuthorityFacts, kinds: RunKinds = runKinds): string | undefined {
  const { claimed, plan, request } = facts;
  const { kind, lane } = readRunId(facts.workflowId, kinds) ?? {};
  if (facts.workflowId !== claimed.releaseId)
    return `it was scheduled by ${facts.workflowId}, not by ${claimed.releaseId}`;
  if (!lane || lane.service !== plan.service || lane.environment !== plan.environment)
    return 'the plan is for another lane';
  if (facts.actualHash !== claimed.planHash) return 'the stored plan does not have the hash that was approved';
  if (request.commit !== plan.commit || request.environment !== plan.environment || request.service !== plan.service) {
    return 'the plan is not of the release that the gateway recorded';
  }
  if (facts.workflowType !== kind?.workflowType) return `${facts.workflowType} may not change anything`;
  if (kind.authority !== 'approvals') return refuseOrderedRun(facts, kinds);
  if (claimed.subject !== claimed.releaseId) return 'a release can only act for itself';
  return refuseUnapprovedPlan(facts);
}

/** Both the operator's floor and the plan itself must have the approvals that they ask for. */
function refuseUnapprovedPlan(facts: AuthorityFacts): string | undefined {
  return [facts.floor, facts.plan.approval]
    .map((policy) => refuseUnapproved(facts, policy))
    .find((reason) => reason !== undefined);
}

function refuseUnapproved({ decisions, claimed, request }: AuthorityFacts, policy: ApprovalPolicy): string | undefined {
  if (!policy.required) return undefined;
  const { planHash, subject } = claimed;
  // Attempts of one commit have the same plan: an approval counts for the attempt it was given to.
  const ours = decisions.filter((d) => d.kind === 'approve' && d.releaseId === subject);
  const counted = ours.filter(
    (d) => mayDecide({ policy, planHash, requestedBy: request.requestedBy }, d) === undefined,
  );
  const wanted = Math.max(1, policy.quorum);
  const people = new Set(counted.map((d) => d.by.id)).size;
  return people >= wanted ? undefined : `${people} of ${wanted} approvals of this plan hold`;
}

/** Such a run exists because of one order, whose id its own id carries: a person's signed decision, or a breach that the plan speaks of. */
function refuseOrderedRun(facts: AuthorityFacts, kinds: RunKinds): string | undefined {
  const { workflowId, decisions, claimed, region, floor } = facts;
  const signed = takesOrdersBy(workflowId, 'decider', kinds) ? decisions : [];
  const decision = signed.find((d) => d.kind === 'roll-back' && workflowId.endsWith(`/${d.id}`));
  if (!decision && facts.breach && takesOrdersBy(workflowId, 'breach', kinds)) return refuseBreach(facts, facts.breach);
  if (!decision || decision.releaseId !== claimed.subject) return 'nobody signed this rollback';
  const elsewhere = refuseRegion(region, decision.regions);
  if (elsewhere !== undefined) return elsewhere;
  if (!floor.required) return undefined;
  return refuseOutsider(floor, decision.by) && `${decision.by.id} may not order a rollback here`;
}

/**
 * No person has ordered this one. What lets it act is what people approved before: the plan says so, its approvals hold, the operator allows
 * it here, and the breach is of this very release under this very plan.
 */
function refuseBreach(facts: AuthorityFacts, breach: Breach): string | undefined {
  const { workflowId, claimed, plan, region } = facts;
  if (!workflowId.endsWith(`/${breach.id}`) || breach.releaseId !== claimed.subject)
    return 'nobody has seen this release broken';
  if (breach.planHash !== claimed.planHash) return 'the breach was seen under another plan';
  if (plan.onBreach !== 'roll-back') return 'the plan does not let anything but a person roll it back';
  if (!facts.rollBackOnBreach) return "the operator's policy does not let anything but a person roll back here";
  return refuseRegion(region, breach.regions) ?? refuseUnapprovedPlan(facts);
}

function refuseRegion(region: string | undefined, ordered: string[] | undefined): string | undefined {
  if (region === undefined || !ordered || ordered.includes(region)) return undefined;
  return `the rollback was ordered for ${ordered.join(', ')}, and not for ${region}`;
}

export interface ChangeFacts {
  plan: ReleasePlan;
  region: string;
  component: string;
  image: PinnedImage;
  purpose: 'deploy' | 'roll-back';
  /** This region's rows of the component; needed for a rollback. */
  history: VerifiedRelease[];
  /** The run that asks: a run that was ordered to undo something puts nothing new there. */
  workflowId: string;
}

/** What may be put in this very place: what the plan has there, or for a rollback what the inventory has; else the reason why nothing may. */
export function permitted(
  facts: ChangeFacts,
  kinds: RunKinds = runKinds,
): { artifact: DeliveredArtifact } | { refused: string } {
  const { plan, region, component, image, purpose, history, workflowId } = facts;
  if (!isFor(workflowId, purpose, kinds)) return { refused: `${workflowId} may not ${purpose}` };
  const planned = plan.components.find((c) => c.name === component);
  if (!planned || !plan.regions.some((r) => r.name === region))
    return { refused: `the plan has no ${component} in ${region}` };
  if (purpose === 'deploy') {
    if (planned.image !== image) return { refused: `the plan has ${planned.image} for ${component}` };
    return { artifact: artifactOf(planned) };
  }
  const known = history.find(
    (row) => row.region === region && row.component === component && row.image === image && row.state !== 'revoked',
  );
  if (!known) return { refused: `${image} was never verified in ${region}` };
  const kind: string = deliveryKindOf(planned);
  if (known.artifact.kind === kind) return { artifact: known.artifact };
  return { refused: `${image} was put in ${region} by ${known.artifact.kind}, not by ${kind}` };
}
