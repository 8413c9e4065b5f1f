import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { BuildSteps, EngineSteps, EnvironmentSteps, LaneSteps, LocalSteps } from '../activities/steps/types.ts';
import { buildQueue, engineQueue, environmentQueue } from '../domain/contract/names.ts';

/** Three classes of risk. Losing a worker, a database or a cluster for hours costs time, never the release: hence the long budgets. */
const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/** Only looks: may be repeated at any time. Short, because a step that a killed worker had is repeated only when its time is over. */
const read: ActivityOptions = { startToCloseTimeout: '20s', scheduleToCloseTimeout: '1d', retry };
/** Changes something outside, within half a minute, safe to repeat because each step reads before it writes. Nothing waits inside. */
const change: ActivityOptions = { startToCloseTimeout: '30s', scheduleToCloseTimeout: '2h', retry };
/**
 * Polls or works for minutes or hours; says that it lives every few seconds, so that a lost worker is noticed within twenty. What it waits
 * for has a timeout of its own, of at most six hours: two more are for workers, databases and clusters that are away meanwhile.
 */
const watch = { scheduleToCloseTimeout: 8 * 3_600_000, heartbeatTimeout: '20s', retry } satisfies ActivityOptions;

/** Awaited to its end (of this try, or at once between two) when it is cancelled: it would go on to write after its run has left the lane. */
const tag = { ...change, cancellationType: 'WAIT_CANCELLATION_COMPLETED' } satisfies ActivityOptions;
export const tagging = {
  commit: (environment: string) =>
    proxyActivities<Pick<EnvironmentSteps, 'tagImages'>>({ ...tag, taskQueue: environmentQueue(environment) }),
  /** What runs is right without them: a registry that is away does not keep the lane. */
  moving: (environment: string) =>
    proxyActivities<Pick<EnvironmentSteps, 'tagImages'>>({
      ...tag,
      scheduleToCloseTimeout: '2m',
      taskQueue: environmentQueue(environment),
    }),
};

/** Tells people: tried for a moment, because the run waits meanwhile. */
export const telling = proxyActivities<Pick<EngineSteps, 'announce'>>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '30s',
  retry,
  taskQueue: engineQueue,
});

export const local = proxyLocalActivities<LocalSteps>({ startToCloseTimeout: '10s' });

export const looking = {
  engine: proxyActivities<EngineSteps & LaneSteps>({ ...read, taskQueue: engineQueue }),
};
export const changing = {
  engine: proxyActivities<EngineSteps & LaneSteps>({ ...change, scheduleToCloseTimeout: '1d', taskQueue: engineQueue }),
  in: (environment: string) =>
    proxyActivities<EnvironmentSteps>({ ...change, taskQueue: environmentQueue(environment) }),
};
export const watching = {
  /** Steps that may have to fetch a repository first. */
  engine: proxyActivities<Pick<EngineSteps, 'readRelease' | 'judgePlanDrift' | 'findRelease'>>({
    ...watch,
    taskQueue: engineQueue,
  }),
  build: proxyActivities<BuildSteps>({ ...watch, taskQueue: buildQueue }),
  /** `extraMs`: for what may take longer than that by itself, as a migration may. */
  in: (environment: string, extraMs = 0) =>
    proxyActivities<EnvironmentSteps>({
      ...watch,
      scheduleToCloseTimeout: watch.scheduleToCloseTimeout + extraMs,
      taskQueue: environmentQueue(environment),
    }),
};
