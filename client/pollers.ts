import type { Client } from '@temporalio/client';

/** A worker asks again within a minute; Temporal remembers those that have gone for five. */
const goneAfterMs = 90_000;
/** `TASK_QUEUE_TYPE_WORKFLOW` and `TASK_QUEUE_TYPE_ACTIVITY` in Temporal's API. */
const kinds = { workflows: 1, steps: 2 } as const;

/** Workers that ask this queue for work. */
export async function pollersOf(
  { workflowService, options: { namespace } }: Client,
  queue: string,
  kind: keyof typeof kinds,
  now: number,
) {
  const { pollers } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: kinds[kind],
  });
  return (pollers ?? []).filter(
    ({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) * 1_000 < goneAfterMs,
  );
}
