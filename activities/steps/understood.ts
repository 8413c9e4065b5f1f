import { activityInfo } from '@temporalio/activity';
import { failure } from '../../domain/errors/catalogue.ts';
import { notUnderstood } from '../../domain/plan-needs.ts';
import { roleOfQueue } from '../../domain/task-queues.ts';
import { inQuotes } from '../../domain/visible.ts';

/**
 * A newer engine may have made the plan, or read the release: what this worker does not know of it would not be done, or be done where it must
 * not. Throws SLIP-REL-17 (retryable): a newer worker may take the next try.
 */
export function requireUnderstood(asking: { needs?: unknown }): void {
  const unknown = notUnderstood(asking);
  if (unknown.length === 0) return;
  const { taskQueue } = activityInfo();
  const role = roleOfQueue(taskQueue);
  const worker = role === undefined ? `the worker of ${taskQueue}` : `this worker (SLIPWAY_ROLES=${role})`;
  throw failure('SLIP-REL-17', `${worker} does not know ${unknown.map(inQuotes).join(', ')}`);
}
