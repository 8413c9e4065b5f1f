import type { DeliveredArtifact } from './contract/delivery.ts';
import type { ApprovalPolicy, PinnedImage, ReleasePlan, ReleaseRequest, VerifiedRelease } from './contract/release.ts';
import type { Decision } from './contract/decisions.ts';
import { mayDecide, refuseOutsider } from './approval.ts';
import { artifactOf, deliveryKindOf } from './delivery.ts';
import { readRunId, runKinds } from './run-kinds.ts';
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
  /** The operator's floor for this environment, from the worker's own disk. */
  floor: ApprovalPolicy;
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
  if (kind.authority === 'order') return refuseOrderedRun(facts);
  if (claimed.subject !== claimed.releaseId) return 'a release can only act for itself';
  return [facts.floor, plan.approval]
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

/** A rollback run exists because of one signed decision, whose id its own id carries. */
function refuseOrderedRun({ workflowId, decisions, claimed, region, floor }: AuthorityFacts): string | undefined {
  const decision = decisions.find((d) => d.kind === 'roll-back' && workflowId.endsWith(`/${d.id}`));
  if (!decision || decision.releaseId !== claimed.subject) return 'nobody signed this rollback';
  if (region !== undefined && decision.regions && !decision.regions.includes(region))
    return `the rollback was ordered for ${decision.regions.join(', ')}, and not for ${region}`;
  if (!floor.required) return undefined;
  return refuseOutsider(floor, decision.by) && `${decision.by.id} may not order a rollback here`;
}

export interface ChangeFacts {
  plan: ReleasePlan;
  region: string;
  component: string;
  image: PinnedImage;
  purpose: 'deploy' | 'roll-back';
  /** This region's rows of the component; needed for a rollback. */
  history: VerifiedRelease[];
}

/** What may be put in this very place: what the plan has there, or for a rollback what the inventory has; else the reason why nothing may. */
export function permitted(facts: ChangeFacts): { artifact: DeliveredArtifact } | { refused: string } {
  const { plan, region, component, image, purpose, history } = facts;
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
