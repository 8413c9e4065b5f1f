import { activityInfo } from '@temporalio/activity';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { NotifySpec } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Records } from '../records/port.ts';
import { orderOfRun, type OrderDependencies } from './order-of-run.ts';
import type { ReadRelease } from './types.ts';

/**
 * Who is told about a run: what the policy and slipway.yaml said when its release was read; for a run that undoes a release, that one's.
 * What a workflow says is not asked: whoever can start one would have what is known of releases sent wherever they like. Nobody, before a
 * release has been read and for a run that carries out an order that nobody has given.
 */
export async function recordedTargets(
  deps: OrderDependencies & { records: Pick<Records, 'plans'> },
  workflowId: string,
): Promise<NotifySpec[]> {
  const isOrdered = orderOfRollback(workflowId) !== undefined;
  const subject = isOrdered ? (await orderOfRun(deps, workflowId))?.releaseId : workflowId;
  return targetsBy(deps.records.plans, subject);
}

/** The same, of the release that the run is about; undefined: an order that nobody has given. */
export async function targetsBy(
  plans: Pick<Records['plans'], 'kept'>,
  subject: string | undefined,
): Promise<NotifySpec[]> {
  const read = subject === undefined ? undefined : await plans.kept(subject, 'read');
  return (read as ReadRelease | undefined)?.spec.notify ?? [];
}

/** The run that asks, which may speak of itself alone. Throws SLIP-REL-10 (terminal) for the key of another. */
export function ownRunOfKey(key: string): string {
  const caller = activityInfo().workflowExecution?.workflowId;
  if (caller === undefined || !key.startsWith(`${caller}/`))
    throw failure('SLIP-REL-10', `${caller ?? 'nobody'} speaks for another: ${key.slice(0, 200)}`);
  return caller;
}
