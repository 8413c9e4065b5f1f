import type { V1Deployment, V1ManagedFieldsEntry } from '@kubernetes/client-node';
import { z } from 'zod';

/** One name for all our writes: server-side apply keeps the owner of each field by it. */
export const fieldManager = 'slipway';

export function isOurs({ manager, operation }: V1ManagedFieldsEntry): boolean {
  return manager === fieldManager && operation === 'Apply';
}

/** Who owns what of the Deployment but for its status and its size. */
export function specFields(deployment: V1Deployment): V1ManagedFieldsEntry[] {
  return (deployment.metadata?.managedFields ?? []).filter((entry) => !entry.subresource);
}

/** Environment variables of a container that our writes alone own: they go with the first write of ours that does not name them. */
export function variablesOfOurs(deployment: V1Deployment, container: string): Set<string> {
  const namesIn = (entries: V1ManagedFieldsEntry[]) =>
    entries.flatMap((entry) => [...variablesIn(fieldsOf(entry, container)).keys()]);
  const entries = specFields(deployment);
  const shared = new Set(namesIn(entries.filter((entry) => !isOurs(entry))));
  return new Set(namesIn(entries.filter(isOurs)).filter((name) => !shared.has(name)));
}

/** Of one container, the fields that the entry owns. */
export function fieldsOf(entry: V1ManagedFieldsEntry, container: string): Record<string, unknown> {
  return containersOf(entry).find(([name]) => name === container)?.[1] ?? {};
}

/** What `fieldsV1` of a Deployment says of the containers of its pods. */
const managedContainers = z.object({
  'f:spec': z.object({
    'f:template': z.object({
      'f:spec': z.object({ 'f:containers': z.record(z.string(), z.record(z.string(), z.unknown())) }),
    }),
  }),
});
const managedVariables = z.object({ 'f:env': z.record(z.string(), z.record(z.string(), z.unknown())) });

/** Containers of which the entry owns something, with the fields it owns. */
export function containersOf(entry: V1ManagedFieldsEntry): [string, Record<string, unknown>][] {
  const parsed = managedContainers.safeParse(entry.fieldsV1);
  if (!parsed.success) return [];
  const containers = parsed.data['f:spec']['f:template']['f:spec']['f:containers'];
  return Object.entries(containers).flatMap(([key, fields]) =>
    nameIn(key).map((name): [string, Record<string, unknown>] => [name, fields]),
  );
}

/** Environment variables of which these fields of a container own something, and whether that is what they are set to. */
export function variablesIn(container: Record<string, unknown>): Map<string, boolean> {
  const parsed = managedVariables.safeParse(container);
  if (!parsed.success) return new Map();
  return new Map(
    Object.entries(parsed.data['f:env']).flatMap(([key, fields]) =>
      nameIn(key).map((name) => [name, 'f:value' in fields || 'f:valueFrom' in fields] as const),
    ),
  );
}

/** `k:{"name":"api"}` → `api`. */
function nameIn(key: string): string[] {
  if (!key.startsWith('k:')) return [];
  try {
    const parsed = z.object({ name: z.string() }).safeParse(JSON.parse(key.slice(2)));
    return parsed.success ? [parsed.data.name] : [];
  } catch {
    return [];
  }
}
