import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import { hasStarted } from './job-beginning.ts';

/** Beyond its time, and what its pod may take to go: for the controller and the kubelet to say how it ended. */
const lateMs = 60_000;
/** Kubernetes' own, in seconds, where a pod names none. */
const usualGraceSeconds = 30;

export interface JobTime {
  job: V1Job;
  timeoutMs: number;
  /** The API server's clock (ms). */
  at: number;
}

/** Since it was made, ms. */
export function waitedMs({ job, at }: Omit<JobTime, 'timeoutMs'>): number {
  return at - (job.status?.startTime ?? job.metadata?.creationTimestamp ?? new Date(at)).getTime();
}

/** Its time is over for so long that whoever could say how it ended is away: on a node that is gone a pod never ends. */
export function isOverdue({ job, timeoutMs, at }: JobTime): boolean {
  const graceSeconds = job.spec?.template.spec?.terminationGracePeriodSeconds ?? usualGraceSeconds;
  return waitedMs({ job, at }) > timeoutMs + graceSeconds * 1_000 + lateMs;
}

/**
 * How much of the Job's time (ms) its own container is seen to have run, by what its status says: what is only possible does not count, nor
 * what a pod takes to go. Undefined where it is not seen to have run.
 */
export function ranFor({ job, timeoutMs, at }: JobTime, pods: V1Pod[], container: string): number | undefined {
  const until = Math.min(at, at - waitedMs({ job, at }) + timeoutMs);
  const each = pods.flatMap(({ metadata, status }) => {
    const own = status?.containerStatuses?.find(({ name }) => name === container);
    // A node's clock may be behind.
    const notBefore = metadata?.creationTimestamp?.getTime() ?? 0;
    return (own ? timesOf(own) : []).map(({ from, to = at }) => Math.min(to, until) - Math.max(from, notBefore));
  });
  return each.length === 0 ? undefined : Math.max(0, ...each);
}

function timesOf(own: V1ContainerStatus): { from: number; to?: number | undefined }[] {
  if (!hasStarted(own)) return [];
  const { running, terminated } = own.state ?? {};
  return [running, terminated, own.lastState?.terminated].flatMap((one) => {
    const from = one?.startedAt?.getTime();
    return one && from !== undefined ? [{ from, to: 'finishedAt' in one ? one.finishedAt?.getTime() : undefined }] : [];
  });
}
