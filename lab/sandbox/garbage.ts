import type { Control } from './control.ts';
import { markForDeletion } from './replicaset-controller.ts';
import type { Deployment, Job, Pod, ReplicaSet } from './types.ts';

const foreground = 'foregroundDeletion';
export type PropagationPolicy = 'Foreground' | 'Background' | 'Orphan';

/** Deletes what an API server deletes itself; the rest follows in `collectGarbage`. */
export function deleteObject(
  control: Control,
  object: Deployment | Job | Pod,
  policy: PropagationPolicy,
): Deployment | Job | Pod {
  if (object.kind === 'Pod') return markForDeletion(control.store, object, control.now());
  if (policy === 'Orphan') for (const child of children(control, object.metadata.uid)) disown(control, child);
  if (policy !== 'Foreground') {
    control.store.remove(object);
    return object;
  }
  const marked = control.store.change(object.kind, object.metadata, (draft) => {
    draft.metadata.deletionTimestamp ??= new Date(control.now()).toISOString().replace(/\.\d+/, '');
    draft.metadata.deletionGracePeriodSeconds = 0;
    draft.metadata.finalizers = [foreground];
  });
  return marked ?? object;
}

/** Removes what has lost its owner, and owners deleted in the foreground once nothing of theirs is left. */
export function collectGarbage(control: Control): void {
  const { store } = control;
  const owners = [...store.list('Deployment'), ...store.list('ReplicaSet'), ...store.list('Job')];
  const alive = new Set(owners.filter((owner) => !owner.metadata.deletionTimestamp).map((owner) => owner.metadata.uid));
  for (const child of [...store.list('ReplicaSet'), ...store.list('Pod')]) {
    const owner = child.metadata.ownerReferences?.find((reference) => reference.controller)?.uid;
    if (owner === undefined || alive.has(owner)) continue;
    if (child.kind === 'Pod') markForDeletion(store, child, control.now());
    else if (owners.some((one) => one.metadata.uid === owner)) deleteInForeground(control, child);
    else store.remove(child);
  }
  for (const owner of owners)
    if (owner.metadata.finalizers?.includes(foreground) && children(control, owner.metadata.uid).length === 0)
      store.remove(owner);
}

function deleteInForeground(control: Control, set: ReplicaSet): void {
  control.store.change('ReplicaSet', set.metadata, (draft) => {
    draft.metadata.deletionTimestamp ??= new Date(control.now()).toISOString().replace(/\.\d+/, '');
    draft.metadata.finalizers = [foreground];
  });
}

function children(control: Control, uid: string): (ReplicaSet | Pod)[] {
  return [...control.store.list('ReplicaSet'), ...control.store.list('Pod')].filter((child) =>
    child.metadata.ownerReferences?.some((owner) => owner.uid === uid),
  );
}

function disown(control: Control, child: ReplicaSet | Pod): void {
  control.store.change(child.kind, child.metadata, (draft) => {
    draft.metadata.ownerReferences = (draft.metadata.ownerReferences ?? []).filter((owner) => !owner.controller);
  });
}
