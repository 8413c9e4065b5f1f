import { commitsOf } from '../../activities/steps/schema-age.ts';
import { isVerified } from '../../activities/steps/verified-request.ts';
import type { PlanCommits } from '../../domain/contract/gateway.ts';
import type { Commit, ReleasePlan } from '../../domain/contract/release.ts';
import type { GatewayParts } from './calls.ts';
import { standingThen } from './compared-then.ts';
import type { PlanOfRelease } from './compared-then.ts';
import { Refused } from './errors.ts';

/** More than anybody reads before they approve. */
const mostCommits = 100;

/**
 * What a plan brings that is verified nowhere it goes to: of a release that has ended, that was not when the plan was made. Read from the repository
 * that was asked for and signed, and from no other.
 */
export async function planCommits(parts: GatewayParts, plan: ReleasePlan, of: PlanOfRelease): Promise<PlanCommits> {
  const { service, environment, commit } = plan;
  const attempts = await parts.records.attempts.list({ service, environment, commit, limit: 20 });
  const asked = attempts.find((attempt) => isVerified(attempt, parts.verifier));
  if (!asked) throw new Refused(404, 'not-found', 'nobody has asked for a release of that plan');
  const notIn = await verifiedBeside(parts, plan, of);
  if (notIn === undefined) return { commits: [], more: false, untold: true };
  const { repository } = asked.request;
  return parts.source.commits({ repository, commit, notIn: notIn.filter((one) => one !== commit), most: mostCommits });
}

/** Undefined where that is not on record. */
async function verifiedBeside(
  parts: GatewayParts,
  plan: ReleasePlan,
  of: PlanOfRelease,
): Promise<Commit[] | undefined> {
  const { records } = parts;
  const then = await standingThen(parts, of);
  if (then === undefined) return commitsOf(await records.inventory.current(plan));
  if (then === 'untold') return undefined;
  if (then === 'nothing') return [];
  const before = await records.plans.find(then.planHash);
  return before && [before.commit];
}
