import { WorkflowNotFoundError } from '@temporalio/client';
import { isAtRest } from './at-rest.ts';
import type { TimeSkipping } from './time-skipping.ts';

/**
 * Ends what a test has left running, so that the next one has the server to itself. False where that cannot be done: after a workflow has
 * ended whose step or workflow task was under way, this server may skip no more time, and another one is needed.
 * `known`: runs that were found at rest before; those of this test are added.
 */
export async function leftClean({ client, connection }: TimeSkipping, known: Set<string>): Promise<boolean> {
  const { workflowService } = connection;
  const asked = { namespace: 'default', maximumPageSize: 1_000, StartTimeFilter: {} };
  const [open, closed] = await Promise.all([
    workflowService.listOpenWorkflowExecutions(asked),
    workflowService.listClosedWorkflowExecutions(asked),
  ]);
  const all = [
    ...open.executions.map(({ execution }) => ({ execution, isOpen: true })),
    ...closed.executions.map(({ execution }) => ({ execution, isOpen: false })),
  ];
  for (const { execution, isOpen } of all) {
    const { workflowId, runId } = execution ?? {};
    if (!workflowId || !runId || known.has(runId)) continue;
    const handle = client.workflow.getHandle(workflowId, runId);
    if (!isAtRest((await handle.fetchHistory()).events ?? [])) return false;
    if (isOpen && !(await ended(handle.terminate('its test is over')))) return false;
    known.add(runId);
  }
  return true;
}

/** False where it has ended by itself meanwhile: what it was about to do then is not known. */
async function ended(terminated: Promise<unknown>): Promise<boolean> {
  try {
    await terminated;
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
