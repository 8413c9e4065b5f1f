import { isDeepStrictEqual } from 'node:util';
import { ApiError } from './api-error.ts';
import {
  elementsOf,
  fieldsOf,
  pathOf,
  readablePath,
  sameEntry,
  type FieldSet,
  type Manager,
  type Writer,
} from './managed-fields.ts';
import { isAtomicObject, isObject, itemKey, keysOfList, type Json, type JsonObject } from './schema.ts';

export interface Applied {
  object: JsonObject;
  managers: Manager[];
}

/**
 * Server-side apply. Fields of `applied` are set and become the writer's; fields the writer applied before, left out now and owned by nobody
 * else, go away. A field that another manager owns with another value is a conflict (409), unless `force` takes it over.
 * As on a real server, a container whose name is not there yet is added, not refused.
 */
export function serverSideApply(
  live: JsonObject,
  managers: Manager[],
  applied: JsonObject,
  writer: Writer,
  force: boolean,
): Applied {
  const wanted = fieldsOf(applied);
  const present = fieldsOf(live);
  const mine = managers.find((manager) => sameEntry(manager, writer, 'Apply'));
  const others = managers.filter((manager) => manager !== mine);
  const contested = (manager: Manager) =>
    [...manager.fields].filter(
      (path) => wanted.has(path) && !path.endsWith('.') && !isDeepStrictEqual(wanted.get(path), present.get(path)),
    );
  const conflicts = others.flatMap((manager) => contested(manager).map((path) => ({ manager, path })));
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);

  const yielded = others.map((manager) => ({ ...manager, fields: without(manager.fields, contested(manager)) }));
  const merged = mergeApplied(live, applied, '') as JsonObject;
  // What others own by ordinary writes protects nothing: only what they apply does.
  const appliers = yielded.filter(({ operation }) => operation === 'Apply');
  const owned = new Set(appliers.flatMap((manager) => [...manager.fields]));
  const dropped = [...(mine?.fields ?? [])].filter((path) => !wanted.has(path) && !owned.has(path));
  // What makes an item up is its key as well: an item goes as a whole, before its fields.
  const [items, fields] = [dropped.filter(isItem), dropped.filter((path) => !isItem(path))];
  for (const path of [...longestFirst(items), ...longestFirst(fields)]) removeField(merged, elementsOf(path), owned);
  const unchanged =
    mine && isDeepStrictEqual([...mine.fields].sort(), [...wanted.keys()].sort()) && isDeepStrictEqual(live, merged);
  const entry: Manager = unchanged ? mine : { ...writer, operation: 'Apply', fields: new Set(wanted.keys()) };
  return { object: merged, managers: [...yielded, entry] };
}

function mergeApplied(live: Json | undefined, applied: Json, field: string): Json {
  const keys = keysOfList(field, applied);
  if (keys) {
    const result = [...((Array.isArray(live) ? live : []) as JsonObject[])];
    for (const item of applied as JsonObject[]) {
      const at = result.findIndex((have) => itemKey(have, keys) === itemKey(item, keys));
      if (at >= 0) result[at] = mergeApplied(result[at], item, '') as JsonObject;
      else result.push(item);
    }
    return result;
  }
  if (!isObject(applied) || isAtomicObject(field) || !isObject(live)) return applied;
  const result: JsonObject = { ...live };
  for (const [key, value] of Object.entries(applied)) result[key] = mergeApplied(result[key], value, key);
  return result;
}

const isItem = (path: string) => elementsOf(path).at(-1) === '.';
const longestFirst = (paths: string[]) => paths.sort((a, b) => b.length - a.length);

/** Removes one field; a list item only when nobody else owns anything in it. Copies on the way, so that the live object stays as it was. */
function removeField(root: JsonObject, elements: string[], owned: FieldSet): void {
  const isWhole = elements.at(-1) === '.';
  const path = isWhole ? elements.slice(0, -1) : elements;
  if (isWhole && [...owned].some((other) => other.startsWith(`${pathOf(path)}\n`))) return;
  let parent: Json = root;
  for (const element of path.slice(0, -1)) {
    const next: Json | undefined = childOf(parent, element);
    if (!isObject(next) && !Array.isArray(next)) return;
    const copy: Json = Array.isArray(next) ? [...next] : { ...next };
    replaceChild(parent, element, copy);
    parent = copy;
  }
  deleteChild(parent, path.at(-1) as string);
}

function indexOfItem(parent: Json, element: string): number {
  const wanted = JSON.parse(element.slice(2)) as JsonObject;
  return Array.isArray(parent)
    ? parent.findIndex((item) => isObject(item) && itemKey(item, Object.keys(wanted)) === JSON.stringify(wanted))
    : -1;
}

function childOf(parent: Json, element: string): Json | undefined {
  if (element.startsWith('k:')) return Array.isArray(parent) ? parent[indexOfItem(parent, element)] : undefined;
  return isObject(parent) ? parent[element.slice(2)] : undefined;
}

function replaceChild(parent: Json, element: string, child: Json): void {
  if (Array.isArray(parent)) parent[indexOfItem(parent, element)] = child;
  else if (isObject(parent)) parent[element.slice(2)] = child;
}

function deleteChild(parent: Json, element: string): void {
  if (Array.isArray(parent)) {
    const at = indexOfItem(parent, element);
    if (at >= 0) parent.splice(at, 1);
  } else if (isObject(parent)) delete parent[element.slice(2)];
}

function without(fields: FieldSet, removed: string[]): FieldSet {
  return new Set([...fields].filter((path) => !removed.includes(path)));
}

function conflictError(conflicts: { manager: Manager; path: string }[]): ApiError {
  const causes = conflicts.map(({ manager, path }) => {
    const message = `conflict with "${manager.manager}"${manager.subresource ? ` with subresource "${manager.subresource}"` : ''} using ${manager.apiVersion}`;
    return { reason: 'FieldManagerConflict', message, field: readablePath(path) };
  });
  const list = causes.map((cause) => `${cause.message}: ${cause.field}`);
  const counted = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`;
  return new ApiError(409, 'Conflict', `Apply failed with ${counted}: ${list.join(', ')}`, { causes });
}
