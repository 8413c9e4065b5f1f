import { z } from 'zod';
import { waitedMs } from '../../activities/steps/waited.ts';
import {
  approversInWords,
  decidersInWords,
  mayBeNobody,
  notLetInWords,
  wantedInWords,
} from '../../domain/approvers.ts';
import type { Approvals } from '../../domain/approvers.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { VerifiedBeside } from '../../domain/contract/gateway.ts';
import type { PolicyFloor } from '../../domain/contract/policy.ts';
import { decidersBy } from '../../domain/deciders.ts';
import { policyDifference } from '../../domain/drift.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import type { GatewayParts } from './calls.ts';

/** A run that waits for a person, whose plan was made by another policy than this gateway has. */
export interface PolicySince {
  /** What it waits for, with who may decide that by both. */
  waitingFor: NonNullable<ReleaseStatus['waitingFor']>;
  /** What the policy says otherwise; empty where no plan waits for approval. */
  words: string[];
}

type Parts = Pick<GatewayParts, 'records' | 'pipeline'>;
type Moved = Approvals & { onCall?: readonly string[] };

/** What the policy of this gateway is to a plan that was made by another. */
interface Other {
  floor: PolicyFloor;
  /** It lets the service into the environment. */
  letsIn: boolean;
  /** Absent where it knows no such environment either. */
  moved?: Moved;
}

interface Run {
  releaseId: string;
  lane: LaneKey;
  status: ReleaseStatus;
}

/**
 * What the policy of this gateway says otherwise than the one that the plan of a run that waits was made by: the run names who may decide by its
 * plan, and who may is judged by the policy of whoever asks, too. Undefined where nothing of this service and environment is another. Throws
 * where that cannot be told.
 */
export async function policySince(parts: Parts, run: Run): Promise<PolicySince | undefined> {
  const found = await waitsUnderOther(parts, run);
  if (!found) return undefined;
  const { waitingFor, other } = found;
  return { waitingFor, words: isAsked(run.status) ? [await changeInWords(parts, run, other)] : [] };
}

/** That alone, without what has changed: for lists, which read no more of each run than they show. */
export async function waitingSince(parts: Parts, run: Run): Promise<PolicySince['waitingFor'] | undefined> {
  return (await waitsUnderOther(parts, run))?.waitingFor;
}

async function waitsUnderOther(
  parts: Parts,
  { releaseId, lane, status }: Run,
): Promise<{ waitingFor: PolicySince['waitingFor']; other: Other } | undefined> {
  const { planHash, waitingFor } = status;
  if (!waitingFor || planHash === undefined || (!isAsked(status) && status.stage !== 'held')) return undefined;
  const plan = await parts.records.plans.find(planHash);
  const other = plan && (await otherThan(parts, lane, plan));
  if (!other) return undefined;
  const { moved } = other;
  if (!moved || !isAsked(status))
    return { waitingFor: { ...waitingFor, who: decidersOf(moved) || waitingFor.who }, other };
  const policies = [moved.planned, moved.now];
  const waited = await waitedMs(parts.records, { releaseId, planHash, policies });
  const who = approversInWords({ ...moved, ...(waited !== undefined && { waitedMs: waited }) }) || waitingFor.who;
  const { widens, ...as } = waitingFor;
  // Who may after a while is asked of both, too: where they differ in it the plan's word is not enough.
  const isSame = canonicalJson(moved.planned.escalate) === canonicalJson(moved.now.escalate);
  return { waitingFor: { ...as, who, ...(widens && isSame && { widens }) }, other };
}

const decidersOf = (moved: Moved | undefined) => moved && decidersInWords(moved);

const isAsked = ({ stage }: ReleaseStatus) => stage === 'awaiting-approval';

/** The same beside a plan that is shown. */
export async function policyBeside(
  parts: Parts,
  plan: ReleasePlan,
): Promise<Pick<VerifiedBeside, 'approvalNow' | 'policyNow'>> {
  try {
    const other = await otherThan(parts, plan, plan);
    if (!other) return {};
    return other.letsIn && other.moved ? { approvalNow: other.moved.now } : { policyNow: 'not-let-in' };
  } catch {
    return { policyNow: 'untold' };
  }
}

async function otherThan(
  { pipeline }: Parts,
  lane: LaneKey,
  plan: Pick<ReleasePlan, 'policyHash' | 'approval'>,
): Promise<Other | undefined> {
  const { hash, floor } = await pipeline.policyOf(lane);
  if (plan.policyHash === hash) return undefined;
  const letsIn = Object.keys(floor).length > 0;
  // What does not let the service in may know no such environment: that is told already.
  const asked = await pipeline.floorOf(lane.environment).catch((error: unknown) => {
    if (letsIn) throw error;
  });
  if (!asked) return { floor, letsIn };
  const { onCall } = decidersBy(asked, lane.service);
  return { floor, letsIn, moved: { planned: plan.approval, now: asked.approval, ...(onCall && { onCall }) } };
}

/** Which of the two is newer nobody can tell: a policy is put on one machine after the other. */
async function changeInWords(
  { records }: Parts,
  { releaseId, lane }: Run,
  { floor, letsIn, moved }: Other,
): Promise<string> {
  if (!letsIn || !moved) return notLetInWords(lane);
  const read = (await records.plans.kept(releaseId, 'read')) as { spec?: { policyFloor?: unknown } } | null | undefined;
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
