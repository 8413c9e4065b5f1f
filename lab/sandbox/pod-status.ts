import { createHash } from 'node:crypto';
import { backOffWords, pullMessage, type ContainerRun } from './container.ts';
import { findCondition } from './deployment-rules.ts';
import { timestamp } from './store.ts';
import type { Condition, ContainerState, ContainerStatus, Pod } from './types.ts';

/** A pod's status as the kubelet writes it, from what its containers are doing. */
export function podStatus(pod: Pod, runs: ContainerRun[], address: string, now: number): Pod['status'] {
  const phase = phaseOf(pod, runs);
  const unready = runs.filter((run) => !run.ready).map((run) => run.name);
  const isDone = phase === 'Succeeded' || phase === 'Failed';
  const why =
    unready.length === 0
      ? { status: 'True' as const }
      : phase === 'Succeeded'
        ? { status: 'False' as const, reason: 'PodCompleted' }
        : {
            status: 'False' as const,
            reason: isDone ? 'PodFailed' : 'ContainersNotReady',
            message: `containers with unready status: [${unready.join(' ')}]`,
          };
  const conditions = [
    { type: 'PodReadyToStartContainers', status: isDone ? ('False' as const) : ('True' as const) },
    { type: 'Initialized', status: 'True' as const },
    { type: 'Ready', ...why },
    { type: 'ContainersReady', ...why },
    { type: 'PodScheduled', status: 'True' as const },
  ];
  return {
    phase,
    conditions: conditions.map((condition) =>
      dated(condition, findCondition(pod.status.conditions, condition.type), now),
    ),
    hostIP: '192.0.2.1',
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: pod.metadata.creationTimestamp,
    containerStatuses: runs.map((run) => containerStatus(pod, run)),
    qosClass: 'BestEffort',
  };
}

function dated(condition: Condition, before: Condition | undefined, now: number): Condition {
  const lastTransitionTime =
    before && before.status === condition.status && before.lastTransitionTime
      ? before.lastTransitionTime
      : timestamp(now);
  return { ...condition, lastProbeTime: null, lastTransitionTime };
}

function phaseOf(pod: Pod, runs: ContainerRun[]): Pod['status']['phase'] {
  if (pod.spec.restartPolicy === 'Never' && runs.every((run) => run.stage === 'terminated'))
    return runs.every((run) => run.exitCode === 0) ? 'Succeeded' : 'Failed';
  return runs.some((run) => run.startedAt === 0) ? 'Pending' : 'Running';
}

function containerStatus(pod: Pod, run: ContainerRun): ContainerStatus {
  const hasStarted = run.startedAt > 0;
  return {
    name: run.name,
    image: run.image,
    imageID: hasStarted ? reportedId(run) : '',
    ...(hasStarted ? { containerID: containerId(pod, run, run.restarts) } : {}),
    ready: run.ready,
    started: run.stage === 'running',
    restartCount: run.restarts,
    state: stateOf(pod, run),
    lastState: run.last
      ? { terminated: ended(pod, run, run.last, run.stage === 'crash-backoff' ? run.restarts : run.restarts - 1) }
      : {},
  };
}

function stateOf(pod: Pod, run: ContainerRun): ContainerState {
  if (run.stage === 'running') return { running: { startedAt: timestamp(run.startedAt) } };
  if (run.stage === 'terminated') return { terminated: ended(pod, run, run, run.restarts) };
  if (run.stage === 'creating') return { waiting: { reason: 'ContainerCreating' } };
  if (run.stage === 'config-error')
    return { waiting: { reason: 'CreateContainerConfigError', message: run.configError } };
  if (run.stage === 'pull-error') return { waiting: { reason: 'ErrImagePull', message: pullMessage(run) } };
  if (run.stage === 'pull-backoff')
    return {
      waiting: {
        reason: 'ImagePullBackOff',
        message: `Back-off pulling image "${run.image}": ErrImagePull: ${pullMessage(run)}`,
      },
    };
  const message = `back-off ${backOffWords(run.restarts)} restarting failed container=${run.name} pod=${podLabel(pod)}`;
  return { waiting: { reason: 'CrashLoopBackOff', message } };
}

/** `name_namespace(uid)`: how the kubelet names a pod in its messages. */
export function podLabel(pod: Pod): string {
  return `${pod.metadata.name}_${pod.metadata.namespace ?? ''}(${pod.metadata.uid})`;
}

function ended(
  pod: Pod,
  run: ContainerRun,
  end: { exitCode: number; startedAt: number; finishedAt: number },
  attempt: number,
) {
  return {
    exitCode: end.exitCode,
    reason: end.exitCode === 0 ? 'Completed' : 'Error',
    startedAt: timestamp(end.startedAt),
    finishedAt: timestamp(end.finishedAt),
    containerID: containerId(pod, run, attempt),
  };
}

function containerId(pod: Pod, run: ContainerRun, attempt: number): string {
  return `containerd://${createHash('sha256').update(`${pod.metadata.uid}/${run.name}/${attempt}`).digest('hex')}`;
}

function reportedId({ behaviour, image }: ContainerRun): string {
  return (behaviour.kind === 'runs' && behaviour.imageId) || imageId(image);
}

/** `repository@sha256:…`. An image named by tag gets a digest of its own, the same for the same tag. */
function imageId(image: string): string {
  if (image.includes('@')) return image;
  const repository = image.replace(/:[\w.-]+$/, '');
  return `${repository}@sha256:${createHash('sha256').update(image).digest('hex')}`;
}
