import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { BuildSteps, EngineSteps, EnvironmentSteps, LaneSteps, LocalSteps } from '../activities/steps/types.ts';
import { buildQueue, engineQueue, engineWatchQueue, environmentQueue } from '../domain/contract/names.ts';
import { firstPriority } from '../domain/priority.ts';

const hour = 3_600_000;

/**
 * Tries are counted, not time: a step that waits in a queue, because its workers are busy or away, has spent nothing. So no step has an end
 * counted from when it was asked for (schedule-to-close), except where the run would rather go on without it.
 */
const tries = (maximumAttempts: number) =>
  ({
    initialInterval: '500ms',
    backoffCoefficient: 2,
    maximumInterval: '30s',
    maximumAttempts,
  }) satisfies ActivityOptions['retry'];
/** A pause is half a minute at most, so that two tries take a minute at least. */
const forHours = (hours: number) => tries(120 * hours);
/**
 * What the run itself tries again (workflows/patiently.ts), and says so: of Temporal's own tries only as many as a hiccup needs. With the
 * pauses of the run people hear within some six minutes of what keeps a release, also where each try takes its ten seconds to fail.
 */
const few = tries(4);

/**
 * Three classes of risk. Losing a worker, a database or a cluster for hours costs time, never the release. What Temporal tries again by itself
 * is a moment; then the run says what is wrong, goes on trying, and tells people.
 */

/** Only looks: may be repeated at any time. Short, because a step that a killed worker had is repeated only when its time is over. */
const read = { startToCloseTimeout: '20s', retry: few } satisfies ActivityOptions;
/** Changes something outside, within half a minute, safe to repeat because each step reads before it writes. Nothing waits inside. */
const change = { startToCloseTimeout: '30s', retry: few } satisfies ActivityOptions;
/**
 * Polls or works for minutes or hours; says that it lives every few seconds, so that a lost worker is noticed within twenty. What it waits
 * for has a timeout of its own, of at most six hours, counted from when a worker has taken it: a try that is not over two hours later is stuck.
 */
const watch = {
  startToCloseTimeout: 8 * hour,
  heartbeatTimeout: '20s',
  retry: few,
} satisfies ActivityOptions;

/** The way back: before everything else that waits in the same queue. */
export const goesFirst = { priority: firstPriority } satisfies ActivityOptions;

type Purpose = 'deploy' | 'roll-back';
/** A rollback has workers' slots of its own: neither changes nor watchers of hours, however many, keep it waiting. */
const placed = (environment: string, use: 'change' | 'watch', purpose: Purpose): ActivityOptions =>
  purpose === 'roll-back'
    ? {
        taskQueue: environmentQueue(environment, use === 'watch' ? 'roll-back-watch' : 'roll-back'),
        ...goesFirst,
      }
    : { taskQueue: environmentQueue(environment, use) };

/** Awaited to its end (of this try, or at once between two) when it is cancelled: it would go on to write after its run has left the lane. */
const tag = { ...change, cancellationType: 'WAIT_CANCELLATION_COMPLETED' } satisfies ActivityOptions;
export const tagging = {
  commit: (environment: string) =>
    proxyActivities<Pick<EnvironmentSteps, 'tagImages'>>({ ...tag, ...placed(environment, 'change', 'deploy') }),
  /** What runs is right without them: a registry that is away, or workers that are, do not keep the lane. */
  moving: (environment: string) =>
    proxyActivities<Pick<EnvironmentSteps, 'tagImages'>>({
      ...tag,
      ...placed(environment, 'change', 'deploy'),
      retry: { ...tag.retry, maximumAttempts: 6 },
      scheduleToCloseTimeout: '10m',
    }),
};

/** Tells people: the run does not wait for it (workflows/phases/tell-people.ts), so that it is tried for as long as the records are away. */
export const telling = proxyActivities<Pick<EngineSteps, 'announce'>>({
  startToCloseTimeout: '10s',
  retry: forHours(24),
  taskQueue: engineQueue,
});

export const local = proxyLocalActivities<LocalSteps>({ startToCloseTimeout: '10s' });

export const looking = {
  engine: proxyActivities<EngineSteps & LaneSteps>({ ...read, taskQueue: engineQueue }),
  /** A decision was heard, and is not refused because the records are away for a night. */
  decisions: proxyActivities<Pick<EngineSteps, 'checkDecision'>>({
    ...read,
    retry: forHours(24),
    taskQueue: engineQueue,
  }),
};
export const changing = {
  /** What no run can do without, and nobody can decide about: joining, going on for another run, the end. */
  engine: proxyActivities<EngineSteps & LaneSteps>({ ...change, retry: forHours(24), taskQueue: engineQueue }),
  /** What is tried again by the run itself (workflows/patiently.ts), which says so. */
  records: proxyActivities<Pick<EngineSteps, 'recordVerified'>>({ ...change, taskQueue: engineQueue }),
  in: (environment: string, purpose: Purpose = 'deploy') =>
    proxyActivities<EnvironmentSteps>({ ...change, ...placed(environment, 'change', purpose) }),
};
export const watching = {
  /** Steps that may have to fetch a repository first. */
  engine: proxyActivities<Pick<EngineSteps, 'readRelease' | 'planRelease' | 'judgePlanDrift'>>({
    ...watch,
    taskQueue: engineWatchQueue,
  }),
  build: proxyActivities<BuildSteps>({ ...watch, taskQueue: buildQueue }),
  in: (environment: string, purpose: Purpose = 'deploy') =>
    proxyActivities<EnvironmentSteps>({ ...watch, ...placed(environment, 'watch', purpose) }),
  /** What may take longer than anything else, as a migration or a bake may: its own time is added (ms). */
  longer: (environment: string, timeoutMs = 0) =>
    proxyActivities<EnvironmentSteps>({
      ...watch,
      ...placed(environment, 'watch', 'deploy'),
      startToCloseTimeout: watch.startToCloseTimeout + timeoutMs,
    }),
};
