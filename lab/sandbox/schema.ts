/**
 * The little of Kubernetes' schema that merging needs: which lists are maps in disguise, by which key, and what fields no client may own.
 * From the `x-kubernetes-list-map-keys` and `patchMergeKey` of the published OpenAPI document; a list not named here is replaced as a whole.
 */
const listKeys: Record<string, string[]> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  ports: ['containerPort', 'protocol'],
  volumeMounts: ['mountPath'],
  hostAliases: ['ip'],
  ownerReferences: ['uid'],
};

/** Values of a key that may be left out. */
const keyDefaults: Record<string, string> = { protocol: 'TCP' };

/** Objects that are owned and replaced as a whole. */
const atomicObjects = new Set(['selector', 'nodeSelector']);

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys by which a list's items are matched; undefined for a list that is one value. */
export function keysOfList(field: string, value: unknown): string[] | undefined {
  const keys = listKeys[field];
  return keys && Array.isArray(value) && value.every(isObject) ? keys : undefined;
}

export function isAtomicObject(field: string): boolean {
  return atomicObjects.has(field);
}

/** `{"name":"web"}`: identifies an item of a keyed list. */
export function itemKey(item: JsonObject, keys: string[]): string {
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, item[key] ?? keyDefaults[key] ?? null])));
}
