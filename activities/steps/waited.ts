import type { ApprovalPolicy, Millis } from '../../domain/contract/release.ts';
import type { Records } from '../records/port.ts';
import { plannedSince } from './recorded-result.ts';

/**
 * How long a plan has been before people, by the clock of the records, which whoever runs a workflow does not set. Undefined where it is not the
 * plan in force or nobody has kept since when, and where none of the policies goes by that: then it is not asked.
 */
export async function waitedMs(
  { plans, clock }: { plans: Pick<Records['plans'], 'kept'>; clock: Records['clock'] },
  { releaseId, planHash, policies }: { releaseId: string; planHash: string; policies: readonly ApprovalPolicy[] },
): Promise<Millis | undefined> {
  if (policies.every(({ escalate }) => escalate === undefined)) return undefined;
  const since = await plannedSince(plans, releaseId, planHash);
  return since === undefined ? undefined : (await clock.now()) - since;
}
