import { z } from 'zod';
import { approversInWords, decidersInWords, mayBeNobody, wantedInWords } from '../../domain/approvers.ts';
import type { Approvals } from '../../domain/approvers.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { decidersBy } from '../../domain/deciders.ts';
import { policyDifference } from '../../domain/drift.ts';
import type { ApprovalPolicy, ReleasePlan } from '../../domain/contract/release.ts';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import type { GatewayParts } from './calls.ts';

/** A run that waits for a person, whose plan is of a policy that has changed since. */
export interface PolicySince {
  /** What it waits for, with who may decide that by now. */
  waitingFor: NonNullable<ReleaseStatus['waitingFor']>;
  /** What the policy says otherwise; empty where no plan waits for approval. */
  words: string[];
}

type Parts = Pick<GatewayParts, 'records' | 'pipeline'>;
type Moved = Approvals & { onCall?: readonly string[] };

/**
 * What the operator's policy says otherwise than when the plan of a run that waits was made: the run names who could decide then, and who may is
 * judged by the policy as it is now, too. Undefined where nothing of this service and environment is another. Throws where that cannot be told.
 */
export async function policySince(
  parts: Parts,
  { releaseId, lane, status }: { releaseId: string; lane: LaneKey; status: ReleaseStatus },
): Promise<PolicySince | undefined> {
  const { stage, planHash, waitingFor } = status;
  if (!waitingFor || planHash === undefined || (stage !== 'awaiting-approval' && stage !== 'held')) return undefined;
  const plan = await parts.records.plans.find(planHash);
  const moved = plan && (await movedSince(parts, lane, plan));
  if (!moved) return undefined;
  const isAsked = stage === 'awaiting-approval';
  const who = (isAsked ? approversInWords(moved) : decidersInWords(moved)) || waitingFor.who;
  return {
    waitingFor: { ...waitingFor, who },
    words: isAsked ? [await changeInWords(parts, { releaseId, lane }, moved)] : [],
  };
}

/** What the policy asks for by now, where it is another than the one that the plan was made under. */
export async function approvalNow(parts: Parts, plan: ReleasePlan): Promise<ApprovalPolicy | undefined> {
  const moved = await movedSince(parts, plan, plan).catch(() => undefined);
  return moved?.now;
}

/** A policy that does not let the service in any more, or cannot be read, is told by whoever is refused. */
async function movedSince(
  { pipeline }: Parts,
  lane: LaneKey,
  plan: Pick<ReleasePlan, 'policyHash' | 'approval'>,
): Promise<Moved | undefined> {
  const [{ hash }, floor] = await Promise.all([pipeline.policyOf(lane), pipeline.floorOf(lane.environment)]);
  if (plan.policyHash === hash) return undefined;
  const { onCall } = decidersBy(floor, lane.service);
  return { planned: plan.approval, now: floor.approval, ...(onCall && { onCall }) };
}

/** Which of the two is newer nobody can tell: a policy is put on one machine after the other. */
async function changeInWords(
  { records, pipeline }: Parts,
  { releaseId, lane }: { releaseId: string; lane: LaneKey },
  moved: Moved,
): Promise<string> {
  const read = (await records.plans.kept(releaseId, 'read')) as { spec?: { policyFloor?: unknown } } | null | undefined;
  const { floor } = await pipeline.policyOf(lane);
  if (Object.keys(floor).length === 0)
    return `The policy that this gateway has does not let ${lane.service} into ${lane.environment}: a plan that is approved all the same is refused before anything is changed.`;
  const plannedUnder = floorForm.safeParse(read?.spec?.policyFloor).data;
  const what = plannedUnder ? policyDifference(plannedUnder, floor) : '';
  const isOther = `This plan was made by another policy than this gateway has${what === '' ? '' : `: ${what}`}.`;
  const nobody = mayBeNobody(moved) ? ` Where there is nobody: slipway abort ${releaseId}, then a new attempt.` : '';
  return `${isOther} Both are asked who may approve: ${wantedInWords(moved)}.${nobody} A plan that is approved all the same is made anew before anything is changed, and asked about again.`;
}

/** As the engine has recorded it: whoever has its login could have written anything. */
const floorForm = z
  .custom<object>((value) => typeof value === 'object' && value !== null && Object.keys(value).length <= 500)
  .pipe(z.record(z.string().max(200), z.unknown()));
