import type { Control } from './control.ts';
import { desiredAnnotation, limits, maxAnnotation, newReplicas, revisionOf, sum } from './deployment-rules.ts';
import { controllerOf } from './selectors.ts';
import type { Deployment, ReplicaSet } from './types.ts';

/** A Deployment's ReplicaSets, oldest first. */
export function ownedSets(control: Control, deployment: Deployment): ReplicaSet[] {
  const sets = control.store
    .list('ReplicaSet', deployment.metadata.namespace)
    .filter((set) => controllerOf(set) === deployment.metadata.uid);
  return sets.sort(byAge);
}

function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return (
    Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp) ||
    (a.metadata.name < b.metadata.name ? -1 : 1)
  );
}

export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  return {
    [desiredAnnotation]: String(deployment.spec.replicas),
    [maxAnnotation]: String(deployment.spec.replicas + limits(deployment).maxSurge),
  };
}

function scaleSet(control: Control, deployment: Deployment, set: ReplicaSet, replicas: number): boolean {
  control.store.change('ReplicaSet', set.metadata, (draft) => {
    draft.spec.replicas = replicas;
    draft.metadata.annotations = { ...draft.metadata.annotations, ...sizeAnnotations(deployment) };
  });
  if (set.spec.replicas === replicas) return false;
  noteScaling(control, deployment, set.metadata.name, set.spec.replicas, replicas);
  return true;
}

export function noteScaling(control: Control, deployment: Deployment, name: string, from: number, to: number): void {
  const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`;
  control.record(deployment, {
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message,
    component: 'deployment-controller',
  });
}

/** One step of a rolling update, or of a Recreate; true when there was nothing to do. */
export function roll(control: Control, deployment: Deployment, newSet: ReplicaSet): boolean {
  const all = ownedSets(control, deployment);
  const old = all.filter((set) => set.metadata.uid !== newSet.metadata.uid && set.spec.replicas > 0);
  if (deployment.spec.strategy.type === 'Recreate')
    return !scaleSet(control, deployment, newSet, deployment.spec.replicas);
  const wanted = Math.min(deployment.spec.replicas, newReplicas(deployment, all, newSet.spec.replicas));
  if (newSet.spec.replicas !== deployment.spec.replicas && scaleSet(control, deployment, newSet, wanted)) return false;
  return old.length === 0 || !shrinkOldSets(control, deployment, newSet, all, old);
}

/** Recreate's first half: every old pod goes. True once none is left, and the new ReplicaSet may come. */
export function stopOldPods(control: Control, deployment: Deployment, newSet: ReplicaSet | undefined): boolean {
  const old = ownedSets(control, deployment).filter((set) => set.metadata.uid !== newSet?.metadata.uid);
  const active = old.filter((set) => set.spec.replicas > 0);
  for (const set of active) scaleSet(control, deployment, set, 0);
  const owners = new Set<string | undefined>(old.map((set) => set.metadata.uid));
  const pods = control.store.list('Pod', deployment.metadata.namespace);
  return active.length === 0 && !pods.some((pod) => owners.has(controllerOf(pod)));
}

/** Removes old pods as far as the minimum of available pods allows: unhealthy ones first, so that a broken earlier attempt makes room. */
function shrinkOldSets(
  control: Control,
  deployment: Deployment,
  newSet: ReplicaSet,
  all: ReplicaSet[],
  old: ReplicaSet[],
): boolean {
  const least = deployment.spec.replicas - limits(deployment).maxUnavailable;
  const newUnavailable = newSet.spec.replicas - (newSet.status.availableReplicas ?? 0);
  let removable = sum(all.map((set) => set.spec.replicas)) - least - newUnavailable;
  if (removable <= 0) return false;
  const target = new Map(old.map((set) => [set, set.spec.replicas]));
  for (const set of old) {
    const unhealthy = Math.min(removable, set.spec.replicas - (set.status.availableReplicas ?? 0));
    if (unhealthy <= 0) continue;
    target.set(set, set.spec.replicas - unhealthy);
    removable -= unhealthy;
  }
  let spare = sum(all.map((set) => set.status.availableReplicas)) - least;
  for (const set of old) {
    const size = target.get(set) ?? 0;
    const fewer = Math.max(0, Math.min(spare, size));
    target.set(set, size - fewer);
    spare -= fewer;
  }
  return [...target].map(([set, size]) => scaleSet(control, deployment, set, size)).some(Boolean);
}

export function isScaling(deployment: Deployment, sets: ReplicaSet[]): boolean {
  return sets.some((set) => {
    const desired = set.metadata.annotations?.[desiredAnnotation];
    return set.spec.replicas > 0 && desired !== undefined && Number(desired) !== deployment.spec.replicas;
  });
}

/** A change of `spec.replicas`, or any change while paused: no rollout, only sizes, spread over the ReplicaSets in proportion. */
export function scaleInProportion(
  control: Control,
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  sets: ReplicaSet[],
): void {
  const active = sets.filter((set) => set.spec.replicas > 0);
  const only =
    active.length === 1
      ? active[0]
      : active.length === 0
        ? (newSet ?? sets.toSorted((a, b) => revisionOf(b) - revisionOf(a))[0])
        : undefined;
  if (only) return void scaleSet(control, deployment, only, deployment.spec.replicas);
  if (deployment.spec.strategy.type !== 'RollingUpdate' || active.length === 0) return;
  const most = deployment.spec.replicas === 0 ? 0 : deployment.spec.replicas + limits(deployment).maxSurge;
  const missing = most - sum(active.map((set) => set.spec.replicas));
  const bySize = active.toSorted(
    (a, b) => b.spec.replicas - a.spec.replicas || (missing > 0 ? byAge(b, a) : byAge(a, b)),
  );
  let left = missing;
  const sizes = bySize.map((set) => {
    const before = Number(set.metadata.annotations?.[maxAnnotation] ?? deployment.spec.replicas) || 1;
    const share = Math.round((set.spec.replicas * most) / before) - set.spec.replicas;
    const change = missing > 0 ? Math.min(share, left) : Math.max(share, left);
    left -= change;
    return set.spec.replicas + change;
  });
  bySize.forEach(
    (set, index) =>
      void scaleSet(control, deployment, set, Math.max(0, (sizes[index] ?? 0) + (index === 0 ? left : 0))),
  );
}
