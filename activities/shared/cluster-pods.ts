import type { V1ContainerStateTerminated, V1ContainerStatus, V1Pod, V1PodCondition } from '@kubernetes/client-node';
import type { ContainerEnd, ContainerObservation, PodObservation } from '../../domain/rollout-observation.ts';
import { redactedTail } from './redact.ts';
import { tail } from '../../domain/whole-text.ts';

/** A pod as the rules see it. Texts are redacted and cut: they end up in histories and messages. */
export function podObservation(pod: V1Pod): PodObservation {
  const conditions = pod.status?.conditions ?? [];
  const unscheduled = conditions.find(
    (one) => one.type === 'PodScheduled' && one.status === 'False' && one.reason === 'Unschedulable',
  );
  const createdAt = pod.metadata?.creationTimestamp?.getTime() ?? 0;
  const probed = new Set(pod.spec?.containers.filter((one) => one.readinessProbe).map((one) => one.name));
  return {
    name: pod.metadata?.name ?? '',
    uid: pod.metadata?.uid ?? '',
    phase: pod.status?.phase ?? 'Unknown',
    reason: pod.status?.reason ?? '',
    ...(pod.status?.message && { message: clean(pod.status.message) }),
    deleting: pod.metadata?.deletionTimestamp !== undefined,
    createdAt,
    ...times(conditions),
    ready: conditions.some((one) => one.type === 'Ready' && one.status === 'True'),
    ...(unscheduled && { unschedulable: unschedulable(unscheduled, createdAt) }),
    ...gateOf(conditions, createdAt),
    containers: [
      ...(pod.status?.initContainerStatuses ?? []).map((status) => containerObservation(status, true, false)),
      ...(pod.status?.containerStatuses ?? []).map((status) =>
        containerObservation(status, false, probed.has(status.name)),
      ),
    ],
  };
}

function unschedulable(condition: V1PodCondition, createdAt: number): { message: string; since: number } {
  return { message: clean(condition.message), since: condition.lastTransitionTime?.getTime() ?? createdAt };
}

/** The kubelet names the gates in the condition itself, which is as it is since the pod was made: what counts is when its containers were ready. */
function gateOf(conditions: V1PodCondition[], createdAt: number): Pick<PodObservation, 'gate'> {
  const closed = conditions.find((one) => one.type === 'Ready' && one.reason === 'ReadinessGatesNotReady');
  if (!closed) return {};
  const ready = conditions.find((one) => one.type === 'ContainersReady' && one.status === 'True');
  const since = (ready ?? closed).lastTransitionTime?.getTime() ?? createdAt;
  return { gate: { message: clean(closed.message), since } };
}

function times(conditions: V1PodCondition[]): Pick<PodObservation, 'scheduledAt' | 'initializedAt' | 'readySince'> {
  const since = (type: string, status?: string) =>
    conditions.find((one) => one.type === type && (status ?? one.status) === one.status)?.lastTransitionTime?.getTime();
  const [scheduledAt, initializedAt] = [since('PodScheduled', 'True'), since('Initialized', 'True')];
  const readySince = since('Ready');
  return {
    ...(scheduledAt !== undefined && { scheduledAt }),
    ...(initializedAt !== undefined && { initializedAt }),
    ...(readySince !== undefined && { readySince }),
  };
}

function containerObservation(status: V1ContainerStatus, init: boolean, probed: boolean): ContainerObservation {
  const { waiting, running, terminated } = status.state ?? {};
  const last = status.lastState?.terminated;
  const present = terminated ?? waiting;
  return {
    name: status.name,
    init,
    image: status.image,
    imageId: status.imageID,
    ready: status.ready,
    probed,
    restarts: status.restartCount,
    state: terminated ? 'terminated' : running ? 'running' : 'waiting',
    reason: present?.reason ?? '',
    message: terminated ? cleanLines(terminated.message) : clean(present?.message),
    ...(terminated && { exitCode: terminated.exitCode }),
    ...(running?.startedAt && { startedAt: running.startedAt.getTime() }),
    ...(terminated?.finishedAt && { finishedAt: terminated.finishedAt.getTime() }),
    ...(last && { last: containerEnd(last) }),
  };
}

function containerEnd({ reason, message, exitCode, finishedAt }: V1ContainerStateTerminated): ContainerEnd {
  return {
    reason: reason ?? '',
    message: cleanLines(message),
    exitCode,
    ...(finishedAt && { finishedAt: finishedAt.getTime() }),
  };
}

/** What a container left as its last words, which may be the last lines of its log: at most 1 KB of their end. */
function cleanLines(text: string | undefined): string {
  return redactedTail(text ?? '', 1_000).trim();
}

/** One line of at most 500 characters, keeping its end, where programs say what went wrong. */
export function clean(text: string | undefined): string {
  const line = redactedTail(text ?? '', 2_000)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > 500 ? `…${tail(line, 499)}` : line;
}
