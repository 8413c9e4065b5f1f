import type { WorkflowHandle } from '@temporalio/client';

export type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;

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

/**
 * The workflow task that a run waits for, by its number in the history. None where the one before it did not end well: then the server hands them
 * out, and it is the workflow that cannot do them.
 */
export function workflowTaskUnderWay(events: Events): string | undefined {
  const scheduled = events.findLast((e) => e.workflowTaskScheduledEventAttributes);
  const ended = events.findLast((e) => workflowTaskEnds.some((kind) => e[kind]));
  if (!scheduled || (ended && events.indexOf(ended) > events.indexOf(scheduled))) return undefined;
  if (ended && !ended.workflowTaskCompletedEventAttributes) return undefined;
  return String(scheduled.eventId);
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
