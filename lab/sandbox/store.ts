import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { alreadyExists } from './api-error.ts';
import { qualifiedName, resourceType } from './kinds.ts';
import type { AnyObject, KindName, Kinds, Metadata } from './types.ts';

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: AnyObject;
  version: number;
}

/** An object as a creator writes it; the store adds identity, version and time. */
export type NewObject<T extends AnyObject = AnyObject> = Omit<T, 'metadata'> & {
  metadata: Omit<Partial<Metadata>, 'name'> & { name: string };
};

/**
 * The region's state, in memory. Objects that come out are shared: never change them, use `change` or `update`.
 * The resourceVersion moves on each write that changes something, `metadata.generation` only when the spec changes, or a Deployment's annotations.
 */
export interface Store {
  get<K extends KindName>(kind: K, namespace: string, name: string): Kinds[K] | undefined;
  list<K extends KindName>(kind: K, namespace?: string): Kinds[K][];
  create<T extends AnyObject>(object: NewObject<T>): T;
  /** What `create` and `update` would store, with nothing stored: dry runs. */
  previewCreate<T extends AnyObject>(object: NewObject<T>): T;
  previewUpdate<T extends AnyObject>(object: T): T;
  update<T extends AnyObject>(object: T): T;
  /** Copies, lets `edit` change the copy, stores it. Undefined when the object is gone. */
  change<K extends KindName>(
    kind: K,
    at: { namespace?: string; name: string },
    edit: (draft: Kinds[K]) => void,
  ): Kinds[K] | undefined;
  /** Writes the object as it is, so that only its resourceVersion moves: what a write of somebody else looks like. */
  touch(object: AnyObject): void;
  remove(object: AnyObject): void;
  version(): number;
  /** Events after that version, oldest first; undefined when they are no longer kept (HTTP 410). */
  since(version: number): StoreEvent[] | undefined;
  subscribe(listener: (event: StoreEvent) => void): () => void;
}

const keptEvents = 5_000;
const firstVersion = 1_000;
const withGeneration = new Set<KindName>(['Deployment', 'ReplicaSet', 'Job']);

/**
 * What `metadata.generation` counts the changes of. A Deployment's annotations are copied to its ReplicaSets, so they are a part of it: but for those
 * that its controller writes, which come with the status.
 */
function counted({ kind, spec = {}, metadata: { annotations = {} } }: AnyObject): unknown {
  if (kind !== 'Deployment') return spec;
  return [
    spec,
    Object.entries(annotations)
      .filter(([key]) => !key.startsWith('deployment.kubernetes.io/'))
      .sort(),
  ];
}

export function createStore(now: () => number): Store {
  const objects = new Map<KindName, Map<string, AnyObject>>();
  const listeners = new Set<(event: StoreEvent) => void>();
  let history: StoreEvent[] = [];
  let forgotten = firstVersion;
  let version = firstVersion;

  const shelf = (kind: KindName) => {
    const found = objects.get(kind) ?? new Map<string, AnyObject>();
    objects.set(kind, found);
    return found;
  };
  const get = <K extends KindName>(kind: K, namespace: string, name: string) =>
    shelf(kind).get(`${namespace}/${name}`) as Kinds[K] | undefined;

  function publish(type: StoreEvent['type'], object: AnyObject) {
    const event = { type, object, version };
    history.push(event);
    if (history.length > keptEvents) {
      forgotten = history[history.length - keptEvents - 1]?.version ?? forgotten;
      history = history.slice(-keptEvents);
    }
    for (const listener of listeners) listener(event);
  }

  function put<T extends AnyObject>(type: 'ADDED' | 'MODIFIED', object: T): T {
    version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    shelf(object.kind).set(keyOf(object), stored);
    publish(type, stored);
    return stored;
  }

  function previewCreate<T extends AnyObject>(object: NewObject<T>): T {
    const type = resourceType(object.kind);
    if (get(object.kind, object.metadata.namespace ?? '', object.metadata.name))
      throw alreadyExists(qualifiedName(type), object.metadata.name);
    const metadata = {
      ...object.metadata,
      uid: object.metadata.uid ?? randomUUID(),
      resourceVersion: '',
      ...(withGeneration.has(object.kind) ? { generation: 1 } : {}),
      creationTimestamp: timestamp(now()),
    };
    return plain({ ...object, metadata }) as unknown as T;
  }

  function previewUpdate<T extends AnyObject>(object: T): T {
    const before = get(object.kind, object.metadata.namespace ?? '', object.metadata.name);
    if (!before) return object;
    const { generation, resourceVersion } = before.metadata;
    const next = plain({ ...object, metadata: { ...object.metadata, resourceVersion, generation } });
    if (isDeepStrictEqual(before, next)) return before as T;
    if (generation !== undefined && !isDeepStrictEqual(counted(plain(before)), counted(next)))
      next.metadata.generation = generation + 1;
    return next;
  }

  function update<T extends AnyObject>(object: T): T {
    const before = get(object.kind, object.metadata.namespace ?? '', object.metadata.name);
    const next = previewUpdate(object);
    return !before || next === before ? next : put('MODIFIED', next);
  }

  return {
    get,
    list: <K extends KindName>(kind: K, namespace?: string) =>
      [...shelf(kind).values()].filter(
        (object) => namespace === undefined || object.metadata.namespace === namespace,
      ) as Kinds[K][],
    previewCreate,
    previewUpdate,
    update,
    create: (object) => put('ADDED', previewCreate(object)),
    change(kind, at, edit) {
      const found = get(kind, at.namespace ?? '', at.name);
      if (!found) return undefined;
      const draft = structuredClone(found);
      edit(draft);
      return update<typeof found>(draft);
    },
    touch: (object) => void put('MODIFIED', object),
    remove(object) {
      if (!shelf(object.kind).delete(keyOf(object))) return;
      version += 1;
      publish('DELETED', { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
    },
    version: () => version,
    since: (from) => (from < forgotten ? undefined : history.filter((event) => event.version > from)),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** As Kubernetes writes times: UTC, whole seconds. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A deep copy without the keys whose value is undefined: what would travel as JSON. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function keyOf(object: AnyObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
