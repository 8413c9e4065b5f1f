import type { Sight } from '../../domain/contract/rights.ts';
import { neededQueues } from '../../domain/task-queues.ts';
import type { StepQueueState } from '../../domain/task-queues.ts';
import type { GatewayParts } from './calls.ts';

/** The engine's versions, and which of its queues are asked for work: many questions to Temporal. */
export async function engineView(parts: GatewayParts) {
  const [versions, queues] = await Promise.all([parts.engine.versions(), stepQueues(parts)]);
  return { versions, queues };
}

/** Without the queues of environments that somebody may not look at. */
export function engineFor(sight: Sight, view: Awaited<ReturnType<typeof engineView>>): typeof view {
  if (sight === 'everything') return view;
  const seen = new Set(neededQueues(sight.map(({ environment }) => environment)).map(({ queue }) => queue));
  return { ...view, queues: view.queues.filter(({ queue }) => seen.has(queue)) };
}

/** Each queue that the policy's environments need, and whether anybody asks it for work. */
async function stepQueues({ engine, pipeline }: GatewayParts): Promise<StepQueueState[]> {
  const environments = [...new Set((await pipeline.lanes()).map(({ environment }) => environment))];
  return Promise.all(
    neededQueues(environments).map(async (needed) => ({ ...needed, polled: await engine.isPolled(needed.queue) })),
  );
}
