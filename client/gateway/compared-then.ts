import { comparedThen, recordedOutcome } from '../../activities/steps/recorded-result.ts';
import type { ComparedWith } from '../../activities/steps/recorded-result.ts';
import type { GatewayParts } from './calls.ts';

/** A plan, and the release that it is shown for, where one is named. */
export interface PlanOfRelease {
  hash: string;
  release: string | undefined;
}

/** What stood there when the plan was made, of a release that has ended; undefined of any other: it goes by what stands there now. */
export async function standingThen(
  { records }: Pick<GatewayParts, 'records'>,
  { hash, release }: PlanOfRelease,
): Promise<ComparedWith | 'untold' | undefined> {
  if (release === undefined || (await recordedOutcome(records, release)) === undefined) return undefined;
  return (await comparedThen(records.plans, { releaseId: release, hash })) ?? 'untold';
}
