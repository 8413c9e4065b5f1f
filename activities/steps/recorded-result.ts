import type { ReleaseResult } from '../../domain/contract/status.ts';
import type { Plans } from '../records/port.ts';

/** How a run has ended, as `recordEnd` keeps it; undefined for one that has not. */
export async function resultOf(plans: Pick<Plans, 'kept'>, releaseId: string): Promise<ReleaseResult | undefined> {
  return (await plans.kept(releaseId, 'result')) as ReleaseResult | undefined;
}
