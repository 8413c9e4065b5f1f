import {
  findCondition,
  hasDeadline,
  isComplete,
  isProgressing,
  isTimedOut,
  limits,
  setCondition,
  sum,
} from './deployment-rules.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from './types.ts';

/** Counts and the Available condition, as `calculateStatus` of the deployment controller writes them. */
export function countedStatus(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  all: ReplicaSet[],
  now: number,
): DeploymentStatus {
  const available = sum(all.map((set) => set.status.availableReplicas));
  const replicas = sum(all.map((set) => set.status.replicas));
  const status: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas,
    updatedReplicas: newSet?.status.replicas ?? 0,
    readyReplicas: sum(all.map((set) => set.status.readyReplicas)),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(all.map((set) => set.spec.replicas)) - available),
    conditions: deployment.status.conditions ?? [],
  };
  const enough = available >= deployment.spec.replicas - limits(deployment).maxUnavailable;
  const words = enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.';
  setCondition(
    status,
    {
      type: 'Available',
      status: enough ? 'True' : 'False',
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: words,
    },
    now,
  );
  return status;
}

/** Adds the Progressing condition. Note what is not here: a condition left from an earlier, failed rollout is only replaced when something moves. */
export function rolloutStatus(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  all: ReplicaSet[],
  now: number,
): DeploymentStatus {
  const status = countedStatus(deployment, newSet, all, now);
  if (!hasDeadline(deployment)) {
    status.conditions = (status.conditions ?? []).filter((condition) => condition.type !== 'Progressing');
    return status;
  }
  const current = findCondition(status.conditions, 'Progressing');
  const wasComplete = status.replicas === status.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
  if (wasComplete) return status;
  const subject = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  const progressing = { type: 'Progressing', status: 'True' as const };
  if (isComplete(deployment, status)) {
    setCondition(
      status,
      { ...progressing, reason: 'NewReplicaSetAvailable', message: `${subject} has successfully progressed.` },
      now,
    );
  } else if (isProgressing(deployment.status, status)) {
    status.conditions = (status.conditions ?? []).filter((condition) => condition.type !== 'Progressing');
    setCondition(status, { ...progressing, reason: 'ReplicaSetUpdated', message: `${subject} is progressing.` }, now);
    const added = findCondition(status.conditions, 'Progressing');
    if (added && current?.status === 'True' && current.lastTransitionTime)
      added.lastTransitionTime = current.lastTransitionTime;
  } else if (isTimedOut(deployment, status, now)) {
    setCondition(
      status,
      {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: `${subject} has timed out progressing.`,
      },
      now,
    );
  }
  return status;
}
