import type { V1ContainerStatus, V1Pod, V1PodCondition } from '@kubernetes/client-node';
import type { ContainerObservation, PodObservation } from '../../domain/rollout-observation.ts';
import { redact } from './redact.ts';

/** A pod as the rules see it. Texts are redacted and cut: they end up in histories and messages. */
export function podObservation(pod: V1Pod): PodObservation {
  const conditions = pod.status?.conditions ?? [];
  const unscheduled = conditions.find(
    (one) => one.type === 'PodScheduled' && one.status === 'False' && one.reason === 'Unschedulable',
  );
  const createdAt = pod.metadata?.creationTimestamp?.getTime() ?? 0;
  return {
    name: pod.metadata?.name ?? '',
    phase: pod.status?.phase ?? 'Unknown',
    reason: pod.status?.reason ?? '',
    deleting: pod.metadata?.deletionTimestamp !== undefined,
    createdAt,
    ready: conditions.some((one) => one.type === 'Ready' && one.status === 'True'),
    ...(unscheduled && { unschedulable: unschedulable(unscheduled, createdAt) }),
    containers: [
      ...(pod.status?.initContainerStatuses ?? []).map((status) => containerObservation(status, true)),
      ...(pod.status?.containerStatuses ?? []).map((status) => containerObservation(status, false)),
    ],
  };
}

function unschedulable(condition: V1PodCondition, createdAt: number): { message: string; since: number } {
  return { message: clean(condition.message), since: condition.lastTransitionTime?.getTime() ?? createdAt };
}

function containerObservation(status: V1ContainerStatus, init: boolean): ContainerObservation {
  const { waiting, running, terminated } = status.state ?? {};
  const last = status.lastState?.terminated;
  const present = terminated ?? waiting;
  return {
    name: status.name,
    init,
    image: status.image,
    imageId: status.imageID,
    ready: status.ready,
    restarts: status.restartCount,
    state: terminated ? 'terminated' : running ? 'running' : 'waiting',
    reason: present?.reason ?? '',
    message: clean(present?.message),
    ...(terminated && { exitCode: terminated.exitCode }),
    ...(running?.startedAt && { startedAt: running.startedAt.getTime() }),
    ...(last && { last: { reason: last.reason ?? '', message: clean(last.message), exitCode: last.exitCode } }),
  };
}

/** One line of at most 500 characters, keeping its end, where programs say what went wrong. */
export function clean(text: string | undefined): string {
  const line = redact(text ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > 500 ? `…${line.slice(-499)}` : line;
}
