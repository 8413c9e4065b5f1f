import { WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { isAtRest } from './at-rest.ts';
import type { TimeSkipping } from './time-skipping.ts';

/**
 * Ends what a test has left running, so that the next one has the server to itself. False where that cannot be done: after a workflow has
 * ended whose step or workflow task was under way, this server may skip no more time, and another one is needed.
 * `known`: runs that ended at rest before; those of this test are added.
 */
export async function leftClean({ client, connection }: TimeSkipping, known: Set<string>): Promise<boolean> {
  // Again: what was open until now may have started another one.
  for (;;) {
    const others = (await everyRun(connection)).filter(({ runId }) => !known.has(runId));
    if (others.length === 0) return true;
    for (const { workflowId, runId, isOpen } of others) {
      const handle = client.workflow.getHandle(workflowId, runId);
      if (isOpen) await end(handle);
      // Judged once it can change no more.
      if (!(await rests(handle))) return false;
      known.add(runId);
    }
  }
}

/** `WORKFLOW_EXECUTION_STATUS_TIMED_OUT` of Temporal's API. */
const timedOut = 7;

export async function everyRun({ workflowService }: TimeSkipping['connection']) {
  const asked = { namespace: 'default', maximumPageSize: 1_000, StartTimeFilter: {} };
  const [open, closed] = await Promise.all([
    workflowService.listOpenWorkflowExecutions(asked),
    workflowService.listClosedWorkflowExecutions(asked),
  ]);
  const runs = [
    ...open.executions.map((one) => ({ ...one, isOpen: true })),
    ...closed.executions.map((one) => ({ ...one, isOpen: false })),
  ];
  return runs.map(({ execution, status, isOpen }) => ({
    workflowId: execution!.workflowId!,
    runId: execution!.runId!,
    isOpen,
    isTimedOut: Number(status) === timedOut,
  }));
}

/** As soon as it rests: a test ends when its release does, and the lane then still writes down what it knows. */
async function end(handle: WorkflowHandle): Promise<void> {
  for (let looks = 0; looks < 40 && !(await rests(handle)); looks++)
    await new Promise((resolve) => setTimeout(resolve, 25));
  await handle.terminate('its test is over').catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });
}

async function rests(handle: WorkflowHandle): Promise<boolean> {
  return isAtRest((await handle.fetchHistory()).events ?? []);
}
