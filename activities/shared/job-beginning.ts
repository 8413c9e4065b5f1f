import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';

/** The runtime's words for a program that it could not even start. */
const notStarted = new Set(['ContainerCannotRun', 'StartError']);

/**
 * Whether the container of a Job has run, or may have: false only where that is certain. Pods that are gone, or whose node was lost before it
 * could say what they did, may have run.
 */
export function hasBegun(
  { metadata, status }: Pick<V1Job, 'metadata' | 'status'>,
  pods: V1Pod[],
  container: string,
): boolean {
  // Its pods are gone before a Job that is removed is: who removes it looks on meanwhile, and a pod that is told to go starts nothing.
  if (pods.length > 0 || metadata?.deletionTimestamp) return pods.some((pod) => mayHaveRun(pod, container));
  return hadPods({ status });
}

/** The controller counts each pod that has ended, also one that was deleted. */
function hadPods({ status }: { status: V1Job['status'] }): boolean {
  const { active = 0, failed = 0, succeeded = 0, terminating = 0, uncountedTerminatedPods: uncounted } = status ?? {};
  const others = (uncounted?.failed?.length ?? 0) + (uncounted?.succeeded?.length ?? 0);
  return active + failed + succeeded + terminating + others > 0;
}

function ownHasStarted({ status }: V1Pod, container: string): boolean {
  const own = status?.containerStatuses?.find(({ name }) => name === container);
  return own !== undefined && hasStarted(own);
}

export function mayHaveRun(pod: V1Pod, container: string): boolean {
  const { spec, status } = pod;
  if (ownHasStarted(pod, container)) return true;
  const isLost =
    status?.phase === 'Unknown' ||
    status?.conditions?.some((one) => one.type === 'DisruptionTarget' && one.status === 'True') === true;
  return isLost && spec?.nodeName !== undefined;
}

/** By what its status says. */
export function hasStarted(status: V1ContainerStatus): boolean {
  const { state, lastState, restartCount, started } = status;
  const { running, terminated } = state ?? {};
  const ended = terminated !== undefined && !notStarted.has(terminated.reason ?? '') && !wasNeverMade(status);
  return running !== undefined || ended || lastState?.terminated !== undefined || restartCount > 0 || started === true;
}

/**
 * What a kubelet says in the end, when a pod goes, of a container of which it knows nothing: also of one whose image it never had. One that it
 * had made has an id.
 */
function wasNeverMade({ state, containerID }: V1ContainerStatus): boolean {
  const { reason, startedAt, containerID: made } = state?.terminated ?? {};
  return reason === 'ContainerStatusUnknown' && !startedAt && !made && !containerID;
}
