import type { ReleasePlan } from '../../domain/contract/release.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import type { Plans } from '../records/port.ts';

const ended = 'result';
const planned = 'planned';
/** What tells how a run has ended, and which plan is in force. */
export const standingDocuments = [ended, planned] as const;

/** How a run has ended, as `recordEnd` keeps it; undefined for one that has not. */
export async function resultOf(plans: Pick<Plans, 'kept'>, releaseId: string): Promise<ReleaseResult | undefined> {
  return (await plans.kept(releaseId, ended)) as ReleaseResult | undefined;
}

/** Which plan is in force: kept when it is made, because a run that is ended from outside has no result to say it. */
export async function keepPlanHash(plans: Pick<Plans, 'keep'>, releaseId: string, hash: string): Promise<void> {
  await plans.keep(releaseId, planned, { hash });
}

/** The last plan that was made for it. What its run said of it at its end counts only where nothing else is known. */
export async function planHashOf(plans: Pick<Plans, 'kept'>, releaseId: string): Promise<string | undefined> {
  const made = (await plans.kept(releaseId, planned)) as { hash: string } | undefined;
  return made?.hash ?? (await resultOf(plans, releaseId))?.planHash;
}

/** The plan with that hash; undefined where none was made, or where it is not stored any more. */
export async function lastPlanOf(
  plans: Pick<Plans, 'kept' | 'find'>,
  releaseId: string,
): Promise<ReleasePlan | undefined> {
  const hash = await planHashOf(plans, releaseId);
  return hash === undefined ? undefined : plans.find(hash);
}
