import { orderOfRollback } from '../../domain/contract/names.ts';
import type { NotifySpec, ReleaseSpec } from '../../domain/contract/release.ts';
import type { Records } from '../records/port.ts';
import { orderOfRun, type OrderDependencies } from './order-of-run.ts';
import type { ReadRelease } from './types.ts';

type Kept = Pick<Records['plans'], 'kept'>;

/** The release that a run is about, as it was read: itself, or the one that it was ordered to undo. Undefined where nothing is on record. */
export async function recordedSubject(
  deps: OrderDependencies & { records: { plans: Kept } },
  workflowId: string,
): Promise<{ releaseId: string; spec: ReleaseSpec } | undefined> {
  const isOrdered = orderOfRollback(workflowId) !== undefined;
  const releaseId = isOrdered ? (await orderOfRun(deps, workflowId))?.releaseId : workflowId;
  const spec = await specOf(deps.records.plans, releaseId);
  return releaseId !== undefined && spec ? { releaseId, spec } : undefined;
}

/**
 * Who is told about a run: what the policy and slipway.yaml said when the release was read that it is about. What a workflow says is not
 * asked: whoever can start one would have what is known of releases sent wherever they like. Nobody, before a release has been read and for
 * a run that carries out an order that nobody has given (undefined).
 */
export async function targetsBy(plans: Kept, subject: string | undefined): Promise<NotifySpec[]> {
  return (await specOf(plans, subject))?.notify ?? [];
}

async function specOf(plans: Kept, releaseId: string | undefined): Promise<ReleaseSpec | undefined> {
  const read = releaseId === undefined ? undefined : await plans.kept(releaseId, 'read');
  return (read as ReadRelease | undefined)?.spec;
}
