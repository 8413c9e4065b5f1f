import { isDeepStrictEqual } from 'node:util';
import { ApiError, badRequest, notImplemented } from './api-error.ts';
import { isObject, itemKey, keysOfList, type Json, type JsonObject } from './schema.ts';

/** RFC 7386: null removes, lists are replaced. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** Kubernetes' own patch: like a merge patch, but lists with a merge key are merged item by item, with `$patch` and `$retainKeys` directives. */
export function strategicMergePatch(target: Json | undefined, patch: Json, field = ''): Json {
  if (Array.isArray(patch)) return mergeList(Array.isArray(target) ? target : [], patch, field);
  if (!isObject(patch)) return patch;
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  const base: JsonObject = isObject(target) ? { ...target } : {};
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained)) for (const key of Object.keys(base)) if (!retained.includes(key)) delete base[key];
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$deleteFromPrimitiveList/'))
      throw notImplemented('$deleteFromPrimitiveList in a strategic merge patch');
    if (key.startsWith('$')) continue; // $setElementOrder only orders what is there already
    if (value === null) delete base[key];
    else base[key] = strategicMergePatch(base[key], value, key);
  }
  return base;
}

function mergeList(target: Json[], patch: Json[], field: string): Json {
  const keys = keysOfList(field, patch);
  if (!keys) return patch;
  // A strategic merge patch goes by the first key alone, where server-side apply uses them all.
  const key = keys.slice(0, 1);
  const items = patch as JsonObject[];
  const replace = items.some((item) => item['$patch'] === 'replace' && Object.keys(item).length === 1);
  const result = replace ? [] : [...(target as JsonObject[])];
  for (const item of items) {
    if (item['$patch'] === 'replace' && Object.keys(item).length === 1) continue;
    const at = result.findIndex((have) => itemKey(have, key) === itemKey(item, key));
    if (item['$patch'] === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = strategicMergePatch(result[at], item, field) as JsonObject;
    else result.push(withoutDirectives(item));
  }
  return result;
}

function withoutDirectives(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('$')));
}

interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: Json;
}

/** RFC 6902. A failed `test`, or a path that is not there, refuses the whole patch (422). */
export function jsonPatch(target: Json, patch: Json): Json {
  if (!Array.isArray(patch)) throw badRequest('a JSON patch is a list of operations');
  const holder: JsonObject = { root: structuredClone(target) };
  for (const operation of patch as unknown as Operation[]) runOperation(holder, operation);
  return holder['root'] as Json;
}

function runOperation(holder: JsonObject, operation: Operation): void {
  const { op, path, value = null } = operation;
  if (op === 'test') {
    if (!isDeepStrictEqual(readPointer(holder, path), value)) throw refused(`testing path ${path} failed`);
  } else if (op === 'add') writePointer(holder, path, value, 'insert');
  else if (op === 'replace') {
    readPointer(holder, path);
    writePointer(holder, path, value, 'overwrite');
  } else if (op === 'remove') removePointer(holder, path);
  else if (op === 'copy' || op === 'move') {
    const moved = structuredClone(readPointer(holder, operation.from ?? ''));
    if (op === 'move') removePointer(holder, operation.from ?? '');
    writePointer(holder, path, moved, 'insert');
  } else throw badRequest(`unknown JSON patch operation ${JSON.stringify(op)}`);
}

function pointer(path: string): string[] {
  const parts = path.split('/').slice(1);
  return ['root', ...parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))];
}

function locate(holder: JsonObject, path: string): { parent: JsonObject | Json[]; key: string } {
  const parts = pointer(path);
  const key = parts.pop() as string;
  let parent: Json | undefined = holder;
  for (const part of parts)
    parent = Array.isArray(parent) ? parent[Number(part)] : isObject(parent) ? parent[part] : undefined;
  if (!isObject(parent) && !Array.isArray(parent)) throw refused(`path ${path} does not exist`);
  return { parent, key };
}

function readPointer(holder: JsonObject, path: string): Json {
  const { parent, key } = locate(holder, path);
  const value = Array.isArray(parent) ? parent[Number(key)] : parent[key];
  if (value === undefined) throw refused(`path ${path} does not exist`);
  return value;
}

function writePointer(holder: JsonObject, path: string, value: Json, mode: 'insert' | 'overwrite'): void {
  const { parent, key } = locate(holder, path);
  if (!Array.isArray(parent)) parent[key] = value;
  else if (mode === 'overwrite') parent[Number(key)] = value;
  else parent.splice(key === '-' ? parent.length : Number(key), 0, value);
}

function removePointer(holder: JsonObject, path: string): void {
  readPointer(holder, path);
  const { parent, key } = locate(holder, path);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

function refused(message: string): ApiError {
  return new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`);
}
