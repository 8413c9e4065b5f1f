import { setTimeout as pause } from 'node:timers/promises';
import { workflowTaskUnderWay } from './at-rest.ts';
import { everyRun } from './left-clean.ts';
import type { TimeSkipping } from './time-skipping.ts';

/** Twice the time after which Temporal hands out a workflow task again that a worker took, or did not fetch, and has not done. */
const lostAfterMs = 20_000;

/** The workflow tasks that open runs wait for, and that this server will never bring: under way, each of them, from now until they count as lost. */
export async function lostTasks(env: TimeSkipping, afterMs = lostAfterMs): Promise<string[]> {
  let same = await tasksUnderWay(env);
  for (const deadline = Date.now() + afterMs; same.length > 0 && Date.now() < deadline;) {
    await pause(25);
    const now = await tasksUnderWay(env);
    same = same.filter((task) => now.includes(task));
  }
  return same;
}

/**
 * Lanes of this test that have ended by the limit of ten years that this server gives to every run: it skips to there where a run has ended, and
 * nobody has told it yet that time is to stand still again. Nothing of ours has a limit.
 */
export async function skippedToTheEnd({ connection }: TimeSkipping, known: ReadonlySet<string>): Promise<string[]> {
  const ended = (await everyRun(connection)).filter(({ runId, isTimedOut }) => isTimedOut && !known.has(runId));
  return ended.map(({ workflowId, runId }) => `${workflowId}, run ${runId}`);
}

async function tasksUnderWay({ client, connection }: TimeSkipping): Promise<string[]> {
  const open = (await everyRun(connection)).filter(({ isOpen }) => isOpen);
  const found = await Promise.all(
    open.map(async ({ workflowId, runId }) => {
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const task = workflowTaskUnderWay(events ?? []);
      return task === undefined ? [] : [`workflow task ${task} of ${workflowId}, run ${runId}`];
    }),
  );
  return found.flat();
}
