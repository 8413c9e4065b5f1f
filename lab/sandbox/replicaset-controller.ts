import { randomBytes } from 'node:crypto';
import type { Control } from './control.ts';
import { findCondition, sum } from './deployment-rules.ts';
import { controllerOf, ownerReference } from './selectors.ts';
import { timestamp, type Store } from './store.ts';
import type { Job, Pod, PodTemplate, ReplicaSet } from './types.ts';

/** Keeps as many pods as wanted, and counts them. */
export function syncReplicaSet(control: Control, set: ReplicaSet): void {
  if (!set.metadata.deletionTimestamp) {
    const active = activePods(control.store, set);
    for (let missing = set.spec.replicas - active.length; missing > 0; missing -= 1)
      createPod(control, set, set.spec.template, 'replicaset-controller');
    const surplus = active.toSorted(dispensableFirst).slice(0, Math.max(0, active.length - set.spec.replicas));
    for (const pod of surplus) removePod(control, pod, set);
  }
  const counted = activePods(control.store, set);
  const readyFor = (pod: Pod) =>
    isReady(pod)
      ? control.now() - Date.parse(findCondition(pod.status.conditions, 'Ready')?.lastTransitionTime ?? '')
      : -1;
  const available = counted.filter((pod) => readyFor(pod) >= (set.spec.minReadySeconds ?? 0) * 1_000);
  control.store.change('ReplicaSet', set.metadata, (draft) => {
    draft.status = {
      replicas: counted.length,
      fullyLabeledReplicas: counted.length,
      readyReplicas: sum(counted.map((pod) => Number(isReady(pod)))),
      availableReplicas: available.length,
      observedGeneration: set.metadata.generation ?? 0,
    };
  });
}

function activePods(store: Store, set: ReplicaSet): Pod[] {
  return podsOf(store, set).filter(
    (pod) => !pod.metadata.deletionTimestamp && pod.status.phase !== 'Failed' && pod.status.phase !== 'Succeeded',
  );
}

export function podsOf(store: Store, owner: ReplicaSet | Job): Pod[] {
  return store.list('Pod', owner.metadata.namespace).filter((pod) => controllerOf(pod) === owner.metadata.uid);
}

export function isReady(pod: Pod): boolean {
  return findCondition(pod.status.conditions, 'Ready')?.status === 'True';
}

/** The real order in short: pending before running, not ready before ready, the one that restarts most, the youngest. */
function dispensableFirst(a: Pod, b: Pod): number {
  const restarts = (pod: Pod) => sum((pod.status.containerStatuses ?? []).map((status) => status.restartCount));
  return (
    Number(a.status.phase === 'Running') - Number(b.status.phase === 'Running') ||
    Number(isReady(a)) - Number(isReady(b)) ||
    restarts(b) - restarts(a) ||
    Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp)
  );
}

export function createPod(control: Control, owner: ReplicaSet | Job, template: PodTemplate, component: string): Pod {
  const generateName = `${owner.metadata.name}-`;
  const pod = control.store.create<Pod>({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${generateName}${suffix()}`,
      generateName,
      ...(owner.metadata.namespace ? { namespace: owner.metadata.namespace } : {}),
      labels: { ...template.metadata?.labels },
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...structuredClone(template.spec), nodeName: 'sandbox-node' },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  });
  control.record(owner, {
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: `Created pod: ${pod.metadata.name}`,
    component,
  });
  return pod;
}

function suffix(): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return [...randomBytes(5)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

function removePod(control: Control, pod: Pod, set: ReplicaSet): void {
  markForDeletion(control.store, pod, control.now());
  control.record(set, {
    type: 'Normal',
    reason: 'SuccessfulDelete',
    message: `Deleted pod: ${pod.metadata.name}`,
    component: 'replicaset-controller',
  });
}

/** A pod goes in two steps: it is marked here, and removed by the kubelet when its containers have stopped. */
export function markForDeletion(store: Store, pod: Pod, now: number): Pod {
  if (pod.metadata.deletionTimestamp) return pod;
  const change = (draft: Pod) => {
    draft.metadata.deletionTimestamp = timestamp(now + 30_000);
    draft.metadata.deletionGracePeriodSeconds = 30;
  };
  return store.change('Pod', pod.metadata, change) ?? pod;
}
