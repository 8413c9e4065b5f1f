import { comparedThen, recordedOutcome } from '../../activities/steps/recorded-result.ts';
import { commitsOf } from '../../activities/steps/schema-age.ts';
import { isVerified } from '../../activities/steps/verified-request.ts';
import type { PlanCommits } from '../../domain/contract/gateway.ts';
import type { Commit, ReleasePlan } from '../../domain/contract/release.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/** More than anybody reads before they approve. */
const mostCommits = 100;

/**
 * What a plan brings that is verified nowhere it goes to: of a release that has ended, that was not when the plan was made. Read from the repository
 * that was asked for and signed, and from no other.
 */
export async function planCommits(
  parts: GatewayParts,
  plan: ReleasePlan,
  { hash, release }: { hash: string; release: string | undefined },
): Promise<PlanCommits> {
  const { service, environment, commit } = plan;
  const attempts = await parts.records.attempts.list({ service, environment, commit, limit: 20 });
  const asked = attempts.find((attempt) => isVerified(attempt, parts.verifier));
  if (!asked) throw new Refused(404, 'not-found', 'nobody has asked for a release of that plan');
  const notIn = await verifiedBeside(parts, plan, { hash, release });
  if (notIn === undefined) return { commits: [], more: false, untold: true };
  const { repository } = asked.request;
  return parts.source.commits({ repository, commit, notIn: notIn.filter((one) => one !== commit), most: mostCommits });
}

/** Undefined where that is not on record. */
async function verifiedBeside(
  { records }: GatewayParts,
  plan: ReleasePlan,
  { hash, release }: { hash: string; release: string | undefined },
): Promise<Commit[] | undefined> {
  if (release === undefined || (await recordedOutcome(records, release)) === undefined)
    return commitsOf(await records.inventory.current(plan));
  const then = await comparedThen(records.plans, { releaseId: release, hash });
  if (then === undefined || then === 'nothing') return then && [];
  const before = await records.plans.find(then.planHash);
  return before && [before.commit];
}
