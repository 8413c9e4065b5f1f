import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';

/** What an operator may do to a run in Temporal's own UI, to the workflow that has this id now. */

export type Place = 'first' | 'middle' | 'last';

interface Event {
  eventId?: unknown;
  workflowTaskCompletedEventAttributes?: unknown;
}

/** The completed workflow task to go back to: a reset keeps what came before it, and does that task again. */
export function taskAt(events: readonly Event[], place: Place): number {
  const tasks = events.filter((event) => event.workflowTaskCompletedEventAttributes);
  const position = { first: 0, middle: Math.floor((tasks.length - 1) / 2), last: tasks.length - 1 }[place];
  const task = tasks[position];
  if (!task) throw new Error('there is no completed workflow task to go back to');
  return Number(task.eventId);
}

/** Answers the id of the run that goes on from there. */
export async function resetTo(temporal: Client, workflowId: string, place: Place): Promise<string> {
  const handle = temporal.workflow.getHandle(workflowId);
  const [{ events }, { runId }] = await Promise.all([handle.fetchHistory(), handle.describe()]);
  const answer = await temporal.workflowService.resetWorkflowExecution({
    namespace: temporal.options.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: taskAt(events ?? [], place) as never,
    requestId: randomUUID(),
    reason: `a test goes back to the ${place} workflow task`,
  });
  return answer.runId;
}

/** Ends the run at once: its code does not hear of it. */
export async function terminate(temporal: Client, workflowId: string): Promise<void> {
  await temporal.workflow.getHandle(workflowId).terminate('a test ends it');
}
