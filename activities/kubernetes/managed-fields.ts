import type { V1ManagedFieldsEntry } from '@kubernetes/client-node';
import { z } from 'zod';

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
