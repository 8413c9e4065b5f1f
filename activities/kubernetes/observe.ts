import { isDeepStrictEqual } from 'node:util';
import type {
  V1Deployment,
  V1DeploymentCondition,
  V1EnvVar,
  V1ObjectMeta,
  V1Pod,
  V1ReplicaSet,
  V1ReplicaSetCondition,
} from '@kubernetes/client-node';
import type {
  ConditionObservation,
  DeploymentObservation,
  ReplicaSetObservation,
  RolloutObservation,
} from '../../domain/rollout-observation.ts';
import { serverTime, type ClusterConnection } from '../shared/cluster-connection.ts';
import { clean, podObservation } from '../shared/cluster-pods.ts';
import { warningsAbout } from '../shared/cluster-warnings.ts';
import { revisionAnnotation } from './annotations.ts';
import { nameOf } from './deployment.ts';
import { imageWriters, variablesOf } from './ownership.ts';
import type { WorkloadRef } from './port.ts';
import { imagesOf } from './pod-template.ts';
import { labelSelector } from './selector.ts';

/** See the port: GET the Deployment, LIST its ReplicaSets, pods and warnings. `now` replaces a missing server clock (ms). */
export async function observeWorkload(
  cluster: ClusterConnection,
  workload: WorkloadRef,
  now: () => number,
): Promise<RolloutObservation> {
  const { namespace } = workload;
  const found = await cluster.find(`read ${nameOf(workload)}`, () =>
    cluster.apps.readNamespacedDeploymentWithHttpInfo({ name: workload.deployment, namespace }),
  );
  if (!found) return { at: now(), newPods: [], oldPods: 0, warnings: [] };
  const deployment = found.data;
  const selector = labelSelector(deployment.spec?.selector);
  const [sets, pods] = await Promise.all([
    cluster.call(`list ReplicaSets of ${nameOf(workload)}`, () =>
      cluster.apps.listNamespacedReplicaSet({ namespace, labelSelector: selector }),
    ),
    cluster.call(`list pods of ${nameOf(workload)}`, () =>
      cluster.core.listNamespacedPod({ namespace, labelSelector: selector }),
    ),
  ]);
  const owned = sets.items.filter((set) => isOwnedBy(set, deployment.metadata));
  const newest = owned.find((set) => isNewest(set, deployment));
  const newPods = pods.items.filter((pod) => newest && isOwnedBy(pod, newest.metadata));
  const oldPods = pods.items.filter(
    (pod) => owned.some((set) => set !== newest && isOwnedBy(pod, set.metadata)) && isAlive(pod),
  );
  const about = [deployment.metadata, newest?.metadata, ...newPods.map((pod) => pod.metadata)];
  return {
    at: serverTime(found.headers) ?? now(),
    deployment: deploymentObservation(deployment),
    ...(newest && { newReplicaSet: replicaSetObservation(newest) }),
    newPods: newPods.map(podObservation),
    oldPods: oldPods.length,
    oldReady: oldPods.filter((pod) => podObservation(pod).ready).length,
    warnings: await warningsAbout(cluster, namespace, about),
  };
}

function isOwnedBy(object: { metadata?: V1ObjectMeta }, owner: V1ObjectMeta | undefined): boolean {
  return (object.metadata?.ownerReferences ?? []).some(
    (reference) => reference.controller && reference.uid === owner?.uid,
  );
}

/**
 * The revision alone would name the old ReplicaSet for the moment in which the controller has not yet written the new one's revision
 * on the Deployment, so the template's images and variables must agree as well.
 */
function isNewest(set: V1ReplicaSet, deployment: V1Deployment): boolean {
  const revision = deployment.metadata?.annotations?.[revisionAnnotation];
  if (revision === undefined || set.metadata?.annotations?.[revisionAnnotation] !== revision) return false;
  const images = imagesOf(set.spec?.template);
  return (deployment.spec?.template.spec?.containers ?? []).every(
    ({ name, image = '', env }) => images[name] === image && isDeepStrictEqual(env, environmentIn(set, name)),
  );
}

function environmentIn({ spec }: V1ReplicaSet, container: string): V1EnvVar[] | undefined {
  return spec?.template?.spec?.containers.find(({ name }) => name === container)?.env;
}

/** Counted like `status.replicas`: a pod that is on its way out no longer serves. */
function isAlive(pod: V1Pod): boolean {
  return (
    pod.metadata?.deletionTimestamp === undefined && pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded'
  );
}

function deploymentObservation(deployment: V1Deployment): DeploymentObservation {
  const { metadata, spec, status } = deployment;
  return {
    uid: metadata?.uid ?? '',
    generation: metadata?.generation ?? 0,
    observedGeneration: status?.observedGeneration ?? 0,
    deleting: metadata?.deletionTimestamp !== undefined,
    paused: spec?.paused ?? false,
    images: imagesOf(spec?.template),
    env: variablesOf(deployment),
    wanted: spec?.replicas ?? 1,
    replicas: status?.replicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    ...(spec?.progressDeadlineSeconds !== undefined && { progressDeadlineSeconds: spec.progressDeadlineSeconds }),
    ...(spec?.minReadySeconds !== undefined && { minReadySeconds: spec.minReadySeconds }),
    writers: imageWriters(deployment),
    conditions: (status?.conditions ?? []).map((condition) =>
      conditionObservation(condition, condition.lastUpdateTime),
    ),
  };
}

function replicaSetObservation({ metadata, spec, status }: V1ReplicaSet): ReplicaSetObservation {
  return {
    name: metadata?.name ?? '',
    wanted: spec?.replicas ?? 1,
    generation: metadata?.generation ?? 0,
    observedGeneration: status?.observedGeneration ?? 0,
    conditions: (status?.conditions ?? []).map((condition) => conditionObservation(condition, undefined)),
  };
}

function conditionObservation(
  condition: V1DeploymentCondition | V1ReplicaSetCondition,
  updated: Date | undefined,
): ConditionObservation {
  return {
    type: condition.type,
    status: condition.status,
    reason: condition.reason ?? '',
    message: clean(condition.message),
    lastUpdate: (updated ?? condition.lastTransitionTime)?.getTime() ?? 0,
  };
}
