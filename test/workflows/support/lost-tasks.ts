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

/** Lanes of this test that this server has ended by the limit of ten years that it gives to every run. */
export async function skippedToTheEnd({ connection }: TimeSkipping, known: ReadonlySet<string>): Promise<string[]> {
  return lanesSkipped((await everyRun(connection)).filter(({ runId }) => !known.has(runId)));
}

/**
 * It skips to there where a run has ended, and nobody has told it yet that time is to stand still again: nothing of ours has a limit. Where
 * another run is open, or was ended so, something may have waited for what never came, and the lane went with it: that is a failure.
 */
export function lanesSkipped(runs: readonly RunSeen[]): string[] {
  const [lanes, others] = [runs.filter(isLane), runs.filter((run) => !isLane(run))];
  if (others.some(({ isOpen, isTimedOut }) => isOpen || isTimedOut)) return [];
  return lanes.filter(({ isTimedOut }) => isTimedOut).map(({ workflowId, runId }) => `${workflowId}, run ${runId}`);
}

type RunSeen = Awaited<ReturnType<typeof everyRun>>[number];

const isLane = ({ workflowId }: RunSeen) => workflowId.startsWith('lane/');

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
