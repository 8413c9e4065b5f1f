import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesApi } from './api.ts';
import type { RunningService } from './processes.ts';

const READY_WITHIN_MS = 90_000;

/** Waits until something holds; ends at once, with the last words of a service, when one of them has left. */
export async function until(
  what: string,
  running: readonly RunningService[],
  holds: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await holds().catch(() => false))) {
    for (const service of running) {
      const failure = await service.failure();
      if (failure) throw new Error(`waited until ${what}, but ${failure}`);
    }
    if (Date.now() > deadline) throw new Error(`not within ${READY_WITHIN_MS / 1000} s: ${what}`);
    await sleep(100);
  }
}

/** Whether the API answers a path with 200. */
export async function answers(api: KubernetesApi, path: string): Promise<boolean> {
  return (await api.get(path)).status === 200;
}

/** Whether a node says that it is ready. */
export async function nodeIsReady(api: KubernetesApi, name: string): Promise<boolean> {
  const answer = await api.get(`/api/v1/nodes/${name}`);
  if (answer.status !== 200) return false;
  const node = JSON.parse(answer.body) as { status?: { conditions?: { type: string; status: string }[] } };
  return (
    node.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
  );
}
