import type { VerifiedBeside, VerifiedLast } from '../../domain/contract/gateway.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { verifiedLast } from '../../domain/verified-last.ts';
import type { GatewayParts } from './calls.ts';
import { standingThen } from './compared-then.ts';
import type { PlanOfRelease } from './compared-then.ts';
import { policyBeside } from './policy-since.ts';

/**
 * What a plan is shown beside: what is verified where it goes to. Of a release that has ended it is what was verified when the plan was made: what
 * was approved then, and not how that differs from what has come since.
 */
export async function besidePlan(parts: GatewayParts, plan: ReleasePlan, of: PlanOfRelease): Promise<VerifiedBeside> {
  const { records } = parts;
  const then = await standingThen(parts, of);
  if (then === 'untold') return { untold: true };
  if (then !== undefined) return then === 'nothing' ? {} : withPlan(parts, plan, then);
  const { service, environment } = plan;
  const last = verifiedLast(await records.inventory.current({ service, environment }));
  return { ...(last && (await withPlan(parts, plan, last))), ...(await policyBeside(parts, plan)) };
}

async function withPlan({ records }: GatewayParts, lane: LaneKey, last: VerifiedLast): Promise<VerifiedBeside> {
  const plan = await records.plans.find(last.planHash);
  // Of another lane, whoever has put that on record: it says nothing of what stood here.
  if (plan && (plan.service !== lane.service || plan.environment !== lane.environment)) return { untold: true };
  return { verified: { ...last, ...(plan && { plan }) } };
}
