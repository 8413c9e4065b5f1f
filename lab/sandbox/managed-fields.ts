import { isDeepStrictEqual } from 'node:util';
import { isAtomicObject, isObject, itemKey, keysOfList, type Json, type JsonObject } from './schema.ts';
import type { ManagedFields } from './types.ts';

/**
 * Who owns which field. A field is written as its path in FieldsV1 elements (`f:spec`, `k:{"name":"web"}`, `.` for a list item's membership),
 * joined by line ends, which occur in no element.
 */
export type FieldSet = Set<string>;

export interface Manager {
  manager: string;
  operation: 'Apply' | 'Update';
  subresource?: string;
  apiVersion: string;
  time: string;
  fields: FieldSet;
}

const separator = '\n';
const unownedMetadata = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
  'generateName',
]);

export const pathOf = (elements: string[]): string => elements.join(separator);
export const elementsOf = (path: string): string[] => path.split(separator);

/** Every field of the object that a manager can own, with its value. */
export function fieldsOf(object: JsonObject): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const [key, value] of Object.entries(object)) {
    if (key === 'apiVersion' || key === 'kind' || key === 'status') continue;
    if (key !== 'metadata') collect(value, [`f:${key}`], key, found);
    else if (isObject(value))
      for (const [name, part] of Object.entries(value))
        if (!unownedMetadata.has(name)) collect(part, ['f:metadata', `f:${name}`], name, found);
  }
  return found;
}

function collect(value: Json, path: string[], field: string, found: Map<string, Json>): void {
  const keys = keysOfList(field, value);
  if (keys && (value as Json[]).length > 0) {
    for (const item of value as JsonObject[]) {
      const itemPath = [...path, `k:${itemKey(item, keys)}`];
      found.set(pathOf([...itemPath, '.']), null);
      for (const [key, part] of Object.entries(item)) collect(part, [...itemPath, `f:${key}`], key, found);
    }
  } else if (isObject(value) && !isAtomicObject(field) && Object.keys(value).length > 0) {
    for (const [key, part] of Object.entries(value)) collect(part, [...path, `f:${key}`], key, found);
  } else found.set(pathOf(path), value);
}

export function readManagers(entries: ManagedFields[] | undefined): Manager[] {
  return (entries ?? []).map(({ fieldsV1, fieldsType: _fieldsType, ...entry }) => ({
    ...entry,
    fields: readTrie(fieldsV1 as JsonObject, []),
  }));
}

export function writeManagers(managers: Manager[]): ManagedFields[] {
  return managers
    .filter((manager) => manager.fields.size > 0)
    .map(({ fields, ...entry }) => ({ ...entry, fieldsType: 'FieldsV1', fieldsV1: toTrie(fields) }));
}

function readTrie(node: JsonObject, path: string[]): FieldSet {
  const children = Object.entries(node);
  if (children.length === 0) return new Set(path.length > 0 ? [pathOf(path)] : []);
  return new Set(children.flatMap(([key, child]) => [...readTrie(child as JsonObject, [...path, key])]));
}

function toTrie(fields: FieldSet): JsonObject {
  const root: JsonObject = {};
  for (const path of fields) {
    let node = root;
    for (const element of elementsOf(path)) node = (node[element] ??= {}) as JsonObject;
  }
  return root;
}

export type Writer = Pick<Manager, 'manager' | 'apiVersion' | 'time'> & { subresource?: string };

/** The managers after an ordinary write: what it changed becomes the writer's alone, what it removed is nobody's. */
export function trackUpdate(managers: Manager[], before: JsonObject, after: JsonObject, writer: Writer): Manager[] {
  const had = fieldsOf(before);
  const has = fieldsOf(after);
  const changed = [...has.keys()].filter((path) => !had.has(path) || !isDeepStrictEqual(had.get(path), has.get(path)));
  const kept = managers.map((manager) => ({
    ...manager,
    fields: new Set([...manager.fields].filter((path) => has.has(path) && !changed.includes(path))),
  }));
  if (changed.length === 0) return kept;
  const own = kept.find((manager) => sameEntry(manager, writer, 'Update'));
  const entry: Manager = { ...writer, operation: 'Update', fields: new Set([...(own?.fields ?? []), ...changed]) };
  return own ? kept.map((manager) => (manager === own ? entry : manager)) : [...kept, entry];
}

export function sameEntry(manager: Manager, writer: Writer, operation: Manager['operation']): boolean {
  return (
    manager.manager === writer.manager && manager.operation === operation && manager.subresource === writer.subresource
  );
}

/** `.spec.template.spec.containers[name="web"].image`: the way conflicts are told to people. */
export function readablePath(path: string): string {
  return elementsOf(path)
    .map((element) => {
      if (element === '.') return '';
      if (element.startsWith('f:')) return `.${element.slice(2)}`;
      const key = JSON.parse(element.slice(2)) as Record<string, unknown>;
      return `[${Object.entries(key)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(',')}]`;
    })
    .join('');
}
