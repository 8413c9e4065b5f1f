import type {
  ConditionObservation,
  ContainerObservation,
  DeploymentObservation,
  PodObservation,
  RolloutObservation,
  WarningObservation,
} from '../../domain/rollout-observation.ts';
import { patienceOf } from '../../domain/rollout-patience.ts';
import { evaluateRollout, type RolloutTarget, type RolloutVerdict } from '../../domain/rollout.ts';

export const now = 1_800_000_000_000;
export const second = 1_000;
export const approved = `registry.test/shop/api@sha256:${'a'.repeat(64)}`;
export const other = `registry.test/shop/api@sha256:${'b'.repeat(64)}`;

export const target: RolloutTarget = {
  uid: 'u1',
  generation: 7,
  appliedAt: now - 20 * second,
  images: { api: approved },
  deadline: now + 600 * second,
  patience: patienceOf({ timeoutMs: 600 * second }),
};

const finished: ConditionObservation[] = [
  aCondition('Progressing', 'True', 'NewReplicaSetAvailable'),
  aCondition('Available', 'True', 'MinimumReplicasAvailable'),
];

export function aCondition(
  type: string,
  status: string,
  reason: string,
  over: Partial<ConditionObservation> = {},
): ConditionObservation {
  return { type, status, reason, message: '', lastUpdate: now - 5 * second, ...over };
}

export function aContainer(over: Partial<ContainerObservation> = {}): ContainerObservation {
  return {
    name: 'api',
    init: false,
    image: approved,
    imageId: approved,
    ready: true,
    probed: true,
    restarts: 0,
    state: 'running',
    reason: '',
    message: '',
    ...over,
  };
}

/** Ready again after one bad end: without a readiness probe that takes no more than to run. */
export function aCrashedContainer(over: Partial<ContainerObservation> = {}): ContainerObservation {
  return aContainer({ restarts: 1, last: { reason: 'Error', message: '', exitCode: 1 }, ...over });
}

export function aPod(over: Partial<PodObservation> = {}): PodObservation {
  return {
    name: 'api-new-1',
    uid: 'p1',
    phase: 'Running',
    reason: '',
    deleting: false,
    createdAt: now - 10 * second,
    ready: true,
    containers: [aContainer()],
    ...over,
  };
}

/** A pod whose one container does not run. */
export function aBrokenPod(
  container: Partial<ContainerObservation>,
  over: Partial<PodObservation> = {},
): PodObservation {
  return aPod({
    ready: false,
    phase: 'Pending',
    containers: [aContainer({ ready: false, state: 'waiting', imageId: '', ...container })],
    ...over,
  });
}

/** Two pods of two, everything done. */
export function aDeployment(over: Partial<DeploymentObservation> = {}): DeploymentObservation {
  return {
    uid: 'u1',
    generation: 7,
    observedGeneration: 7,
    deleting: false,
    paused: false,
    images: { api: approved },
    wanted: 2,
    replicas: 2,
    updated: 2,
    ready: 2,
    available: 2,
    progressDeadlineSeconds: 600,
    conditions: finished,
    ...over,
  };
}

export function aLook(
  over: Partial<RolloutObservation> & { deployment?: DeploymentObservation } = {},
): RolloutObservation {
  return {
    at: now,
    deployment: aDeployment(),
    newReplicaSet: { name: 'api-new', wanted: 2, generation: 1, observedGeneration: 1, conditions: [] },
    newPods: [aPod(), aPod({ name: 'api-new-2' })],
    oldPods: 0,
    warnings: [],
    ...over,
  };
}

/** One new pod beside two old ones: what a rollout with surge looks like at its beginning. */
export function aStart(newPods: PodObservation[], over: Partial<RolloutObservation> = {}): RolloutObservation {
  const deployment = aDeployment({
    replicas: 3,
    updated: newPods.length,
    ready: 2,
    available: 2,
    conditions: [aCondition('Progressing', 'True', 'ReplicaSetUpdated'), finished[1]!],
  });
  return aLook({ deployment, newPods, oldPods: 2, ...over });
}

export function judged(seen: RolloutObservation, over: Partial<RolloutTarget> = {}): RolloutVerdict {
  return evaluateRollout(seen, { ...target, ...over });
}

export function failureOf(verdict: RolloutVerdict): unknown {
  return verdict.kind === 'failed' ? verdict.cause : verdict;
}

/** A warning of the kubelet about the container of the first new pod. */
export function aWarning(message: string, over: Partial<WarningObservation> = {}): WarningObservation {
  const at = now - second;
  return {
    kind: 'Pod',
    name: 'api-new-1',
    uid: 'p1',
    container: 'api',
    reason: 'Unhealthy',
    message,
    count: 1,
    firstAt: at,
    lastAt: at,
    ...over,
  };
}
