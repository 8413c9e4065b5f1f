import { timestamp, type Store } from './store.ts';
import type { AnyObject, KubeEvent } from './types.ts';

export interface EventNote {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  component: string;
  /** Container the event is about. */
  container?: string;
}

export type RecordEvent = (object: AnyObject, note: EventNote) => void;

const kept = 1_000;

/** Writes Events as controllers and the kubelet do: a repeated one raises the count of the first. */
export function createEventRecorder(store: Store, now: () => number): RecordEvent {
  let written = 0;
  return (object, note) => {
    const namespace = object.metadata.namespace ?? 'default';
    const at = timestamp(now());
    const same = store.list('Event', namespace).find((event) => isSame(event, object, note));
    if (same) {
      store.change('Event', same.metadata, (event) => {
        event.count += 1;
        event.lastTimestamp = at;
      });
      return;
    }
    written += 1;
    const fieldPath = note.container ? { fieldPath: `spec.containers{${note.container}}` } : {};
    store.create<KubeEvent>({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${object.metadata.name}.${written.toString(16).padStart(16, '0')}`, namespace },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        namespace,
        name: object.metadata.name,
        uid: object.metadata.uid,
        ...fieldPath,
      },
      type: note.type,
      reason: note.reason,
      message: note.message,
      count: 1,
      firstTimestamp: at,
      lastTimestamp: at,
      source: { component: note.component },
    });
    const all = store.list('Event');
    if (all.length > kept && all[0]) store.remove(all[0]);
  };
}

function isSame(event: KubeEvent, object: AnyObject, note: EventNote): boolean {
  return (
    event.involvedObject.uid === object.metadata.uid &&
    event.reason === note.reason &&
    event.message === note.message &&
    event.type === note.type
  );
}
