import type { Control } from './control.ts';
import { markForDeletion } from './replicaset-controller.ts';
import type { ApiRequest } from './request.ts';
import { timestamp } from './store.ts';
import type { Pod } from './types.ts';
import { existing } from './write-rules.ts';
import type { Written } from './writes.ts';

/** The eviction API, by which nodes are drained. No budget stands in its way here: the pod is marked with why it goes, and goes. */
export function evict(control: Control, request: ApiRequest): Written {
  const pod = existing(control, request) as Pod;
  if (request.dryRun || pod.metadata.deletionTimestamp) return { code: 201, object: pod, changed: false };
  const marked = control.store.change('Pod', pod.metadata, (draft) => {
    const disrupted = { type: 'DisruptionTarget', status: 'True' as const, reason: 'EvictionByEvictionAPI' };
    const told = { ...disrupted, message: 'Eviction API: evicting', lastTransitionTime: timestamp(control.now()) };
    draft.status.conditions = [...(draft.status.conditions ?? []), told];
  });
  return { code: 201, object: markForDeletion(control.store, marked ?? pod, control.now()), changed: true };
}
