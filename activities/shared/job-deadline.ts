import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { ContainerObservation } from '../../domain/rollout-observation.ts';

/** Kubernetes tells whole seconds, and a node's clock is another than the API server's. */
const certainMs = 2_000;

/**
 * Its time was over, or is, and its own container had ended before anybody stopped it: the Job has waited for others of its pod. The exit code
 * of a program that was being stopped says nothing.
 */
export function endedBeforeDeadline(job: V1Job, pod: V1Pod, { state, finishedAt }: ContainerObservation): boolean {
  const stopped = stoppedAt(job, pod);
  return state === 'terminated' && finishedAt !== undefined && finishedAt + certainMs <= stopped;
}

/** When it began to be stopped; never, where its time was not over. A Job is told to have failed when its pod has gone, or at once. */
function stoppedAt({ status }: V1Job, { metadata }: V1Pod): number {
  const over = (status?.conditions ?? []).filter(
    (one) => one.status === 'True' && one.reason === 'DeadlineExceeded' && /^(FailureTarget|Failed)$/.test(one.type),
  );
  if (over.length === 0) return -Infinity;
  const graceMs = (metadata?.deletionGracePeriodSeconds ?? 0) * 1_000;
  const leaving = metadata?.deletionTimestamp ? [metadata.deletionTimestamp.getTime() - graceMs] : [];
  return Math.min(...over.map(({ lastTransitionTime }) => lastTransitionTime?.getTime() ?? -Infinity), ...leaving);
}
