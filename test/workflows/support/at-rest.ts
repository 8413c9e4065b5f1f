import type { WorkflowHandle } from '@temporalio/client';

type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;

/**
 * Whether neither a step nor a workflow task of a run is under way: it waits for a timer or a message. Not told by the last event: after a
 * timer was started there may be a workflow task more, in which nothing was to do.
 */
export function isAtRest(events: Events): boolean {
  const count = (kinds: readonly (keyof Events[number])[]) =>
    events.filter((e) => kinds.some((kind) => e[kind])).length;
  return (
    count(['workflowTaskScheduledEventAttributes']) === count(workflowTaskEnds) &&
    count(['activityTaskScheduledEventAttributes']) === count(stepEnds)
  );
}

const workflowTaskEnds = [
  'workflowTaskCompletedEventAttributes',
  'workflowTaskFailedEventAttributes',
  'workflowTaskTimedOutEventAttributes',
] as const;

const stepEnds = [
  'activityTaskCompletedEventAttributes',
  'activityTaskFailedEventAttributes',
  'activityTaskTimedOutEventAttributes',
  'activityTaskCanceledEventAttributes',
] as const;
