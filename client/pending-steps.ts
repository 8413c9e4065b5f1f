import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { PendingStep } from '../domain/pending-step.ts';
import { heartbeatWords } from './heartbeat-words.ts';

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];
type Timestamp = { seconds?: unknown; nanos?: number | null };

/** `PENDING_ACTIVITY_STATE_SCHEDULED` in Temporal's API: in a queue, or between two tries. */
const scheduled = 1;
/** What is pending was mostly asked for lately; what is not among so many events is told without what it is about. */
const newestEvents = 200;

/**
 * Steps that have not ended yet. Temporal keeps what a step is about only in its history, and forgets when it was last taken as soon as a
 * try has failed: that it has been taken before is seen by its tries.
 */
export async function pendingSteps(
  client: Client,
  workflowId: string,
  pending: readonly Pending[],
): Promise<PendingStep[]> {
  if (pending.length === 0) return [];
  // An addition: without it a step is told by its name alone.
  const about = await summaries(client, workflowId).catch(() => new Map<string, string>());
  return pending.map((activity) => pendingStep(activity, about.get(activity.activityId ?? '')));
}

function pendingStep(activity: Pending, about: string | undefined): PendingStep {
  const lastFailure = activity.lastFailure?.message ?? undefined;
  const code = activity.lastFailure?.applicationFailureInfo?.type ?? undefined;
  const lastWords = heartbeatWords(activity.heartbeatDetails?.payloads?.[0]?.data);
  const queue = activity.activityOptions?.taskQueue?.name ?? undefined;
  const next = activity.nextAttemptScheduleTime;
  return {
    step: activity.activityType?.name ?? 'step',
    attempt: activity.attempt ?? 1,
    isTaken: Number(activity.state) !== scheduled,
    ...(activity.scheduledTime && { askedAt: millis(activity.scheduledTime) }),
    ...(about && { about }),
    ...(queue && { queue }),
    ...(activity.maximumAttempts && { mostAttempts: activity.maximumAttempts }),
    ...(lastFailure && { lastFailure }),
    ...(code && { code }),
    ...(lastWords && { lastWords }),
    ...(next && { nextTryAt: millis(next) }),
  };
}

function millis({ seconds, nanos }: Timestamp): number {
  return Number(seconds ?? 0) * 1_000 + Math.floor((nanos ?? 0) / 1_000_000);
}

/** By the id of the step: what the workflow said of it when it asked for it. */
async function summaries({ workflowService, options }: Client, workflowId: string): Promise<Map<string, string>> {
  const { history } = await workflowService.getWorkflowExecutionHistoryReverse({
    namespace: options.namespace,
    execution: { workflowId },
    maximumPageSize: newestEvents,
  });
  const told = (history?.events ?? []).flatMap(({ activityTaskScheduledEventAttributes: asked, userMetadata }) => {
    const summary = heartbeatWords(userMetadata?.summary?.data);
    return asked?.activityId && summary ? [[asked.activityId, summary] as const] : [];
  });
  return new Map(told);
}
