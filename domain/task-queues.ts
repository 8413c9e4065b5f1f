import type { CheckResult } from './check-result.ts';
import { buildQueue, engineQueue, engineWatchQueue, environmentQueue, environmentUses } from './contract/names.ts';

/** A queue of steps, and whether anybody asks it for work. */
export interface StepQueueState {
  /** What a worker of it is started with, in SLIPWAY_ROLES. */
  role: string;
  queue: string;
  polled: boolean;
}

/** Every queue that releases to these environments need workers for. */
export function neededQueues(environments: readonly string[]): Omit<StepQueueState, 'polled'>[] {
  return [
    { role: 'engine', queue: engineQueue },
    { role: 'engine', queue: engineWatchQueue },
    { role: 'build', queue: buildQueue },
    ...environments.flatMap((environment) =>
      environmentUses.map((use) => ({
        role: `environment:${environment}`,
        queue: environmentQueue(environment, use),
      })),
    ),
  ];
}

/** The role of a worker that asks this queue for work; undefined for a queue that is none of ours. */
export function roleOfQueue(queue: string): string | undefined {
  const environment = /^environment-([^.]+)/.exec(queue)?.[1];
  return neededQueues(environment === undefined ? [] : [environment]).find((one) => one.queue === queue)?.role;
}

/** Whether every role has workers: steps in a queue without any wait, and nothing fails. */
export function judgeQueues(queues: readonly StepQueueState[]): CheckResult[] {
  const roles = [...new Set(queues.map(({ role }) => role))];
  return roles.map((role) => {
    const missing = queues.filter((one) => one.role === role && !one.polled).map(({ queue }) => queue);
    if (missing.length === 0) return { ok: true, says: `${role}: its workers poll, or did within the last 90 s` };
    return {
      ok: false,
      says: `${role}: no worker polls ${missing.join(', ')}; what is to be done there waits`,
      next: `Start a worker with SLIPWAY_ROLES=${role}.`,
    };
  });
}
