import { evaluateApproval, isNo } from '../../domain/approval.ts';
import type { ApprovalVerdict } from '../../domain/approval.ts';
import type { Millis, ReleasePlan } from '../../domain/contract/release.ts';
import type { Records } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';
import { heardAmong } from './heard.ts';
import { planHashOf, plannedSince } from './recorded-result.ts';
import { verifiedRequest } from './verified-request.ts';

export interface StandingDependencies {
  records: Pick<Records, 'attempts' | 'decisions' | 'clock'> & { plans: Pick<Records['plans'], 'find' | 'kept'> };
  verifier: Verifier;
}

/** The plan of a release that waits for people. */
export interface ApprovalStanding {
  planHash: string;
  plan: ReleasePlan;
  verdict: ApprovalVerdict | { kind: 'called-off' };
  since: Millis;
  now: Millis;
  /** How many have approved it. */
  approvals: number;
}

/**
 * How the approval of a release stands by what people have signed, as its plan asks for it. It says whether people are still to be asked: what a
 * step may do is judged elsewhere. Undefined where no plan is in force, or nobody has kept since when.
 */
export async function approvalStanding(
  { records, verifier }: StandingDependencies,
  releaseId: string,
): Promise<ApprovalStanding | undefined> {
  const { attempts, clock, decisions, plans } = records;
  const planHash = await planHashOf(plans, releaseId);
  if (planHash === undefined) return undefined;
  const [plan, since, attempt, weighed, now] = await Promise.all([
    plans.find(planHash),
    plannedSince(plans, releaseId, planHash),
    attempts.find(releaseId),
    decisions.weigh(releaseId),
    clock.now(),
  ]);
  if (!plan || since === undefined || !attempt) return undefined;
  const { requestedBy } = verifiedRequest(attempt, verifier);
  const heard = heardAmong(weighed, verifier);
  const verdict = evaluateApproval({
    ...{ policy: plan.approval, planHash, requestedBy, now },
    decisions: heard,
    askedAt: since,
  });
  const isCalledOff = heard.some(({ kind }) => isNo(kind));
  const missing = verdict.kind === 'waiting' ? verdict.missing : 0;
  return {
    ...{ planHash, plan, since, now },
    verdict: isCalledOff ? { kind: 'called-off' } : verdict,
    approvals: Math.max(1, plan.approval.quorum) - missing,
  };
}

/** Whether nobody is waited for any more. Where that cannot be told, whoever is asked once too often loses nothing. */
export async function isDecided(deps: StandingDependencies, releaseId: string): Promise<boolean> {
  const standing = await approvalStanding(deps, releaseId);
  return standing !== undefined && standing.verdict.kind !== 'waiting';
}
