import { activityInfo } from '@temporalio/activity';
import type { Wish } from '../../domain/authority.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { hadChanged } from '../../domain/hold-reason.ts';
import { databasesTouched } from '../../domain/left-behind.ts';
import type { GoneBy, Records } from '../records/port.ts';

/** The workflow that scheduled this step: its id, and which of Temporal's runs of it. */
export function thisRun(): { workflowId: string; runId: string } {
  const { workflowId = '', runId = '' } = activityInfo().workflowExecution ?? {};
  return { workflowId, runId };
}

/**
 * Written before the first effect and each later one, so that no reset, terminate or second start can take a run that has changed something
 * for one that has not. Throws SLIP-REL-9 (terminal) in a run that is not the one that began, SLIP-REL-10 in one that has ended, SLIP-REL-14
 * (retryable) where what it has gone by is so no more.
 */
export async function touching(
  { records, now }: { records: Pick<Records, 'touched'>; now: () => number },
  what: string,
  goneBy?: GoneBy,
): Promise<void> {
  await records.touched.record({ ...thisRun(), what, at: now(), goneBy });
}

/** What a run has begun to change, by its id; empty for one that has changed nothing. */
export async function changedBy({ touched }: Pick<Records, 'touched'>, workflowId: string): Promise<string[]> {
  return (await touched.find(workflowId))?.what ?? [];
}

/** What this run has begun to change in a database is seen through, also where the run may only go back by now. */
export async function wishToSee(records: Pick<Records, 'touched'>, database: string): Promise<Wish> {
  const changed = await changedBy(records, thisRun().workflowId);
  return databasesTouched(changed).includes(database) ? {} : { purpose: 'deploy' };
}

/** Of a run that has begun to change something nothing is planned anew. Throws SLIP-REL-10 (terminal). */
export async function requireUnchanged(records: Pick<Records, 'touched'>, workflowId: string): Promise<void> {
  const changed = await changedBy(records, workflowId);
  if (changed.length > 0)
    throw failure('SLIP-REL-10', `${workflowId} has changed ${changed.join(', ')} by the plan that it had`);
}

/** Refuses every changing step of a run that was reset, or started again, after something had been changed: `known`, on record under its id. */
export function refuseOtherThan(known: { runId: string; what: string[] } | undefined): void {
  const { workflowId, runId } = thisRun();
  if (known && known.runId !== runId)
    throw failure('SLIP-REL-9', `${workflowId} ${hadChanged(known.what)} before it was reset or started again`);
}
