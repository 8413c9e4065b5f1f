import type { LaneKey } from '../../domain/contract/names.ts';
import type { PolicyFloor } from '../../domain/contract/policy.ts';
import { policyChange } from '../../domain/drift.ts';
import type { ReleaseSpec } from '../../domain/contract/release.ts';
import type { GatewayParts } from './calls.ts';

/**
 * What the operator's policy says otherwise than when a plan that waits for approval was made: the plan names who could approve then, and who may is
 * judged by the policy as it is now. Empty where nothing of this service and environment has changed.
 */
export async function policySince(
  { records, pipeline }: Pick<GatewayParts, 'records' | 'pipeline'>,
  { releaseId, planHash, lane }: { releaseId: string; planHash: string; lane: LaneKey },
): Promise<string[]> {
  const [plan, policy, read] = await Promise.all([
    records.plans.find(planHash),
    pipeline.policyOf(lane),
    records.plans.kept(releaseId, 'read') as Promise<{ spec?: Pick<ReleaseSpec, 'policyFloor'> } | undefined>,
  ]);
  if (!plan || plan.policyHash === policy.hash) return [];
  const plannedUnder = read?.spec?.policyFloor;
  const change = policyChange({ policy, ...(plannedUnder && { plannedUnder }) });
  return [
    `Since this plan was made ${change}. ${approversNow(policy.floor)} A plan that is approved all the same is made anew before anything is changed, and asked about again.`,
  ];
}

function approversNow(floor: PolicyFloor): string {
  const now = 'Who may approve goes by the policy as it is now';
  const groups = floor['approval.groups'];
  if (!Array.isArray(groups) || groups.length === 0) return `${now}.`;
  return `${now}: ${Number(floor['approval.quorum'] ?? 1)} of ${groups.join(', ')}.`;
}
