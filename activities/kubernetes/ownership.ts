import type { V1Deployment } from '@kubernetes/client-node';
import { z } from 'zod';
import { fieldManager } from './annotations.ts';

const managedContainers = z.object({
  'f:spec': z.object({
    'f:template': z.object({
      'f:spec': z.object({ 'f:containers': z.record(z.string(), z.unknown()) }),
    }),
  }),
});

/**
 * Containers whose image an earlier write of ours owns. An apply that leaves out a field which only we own *removes* it, so each
 * write must name them again, even when this release has nothing for them.
 */
export function ownedContainers(deployment: V1Deployment): string[] {
  return ourFields(deployment).flatMap((entry) => {
    const parsed = managedContainers.safeParse(entry.fieldsV1);
    return parsed.success
      ? Object.keys(parsed.data['f:spec']['f:template']['f:spec']['f:containers']).flatMap(containerName)
      : [];
  });
}

/** When our manager last changed something here (ms); undefined when it never did. */
export function lastWrite(deployment: V1Deployment): number | undefined {
  const times = ourFields(deployment).flatMap((entry) => (entry.time ? [entry.time.getTime()] : []));
  return times.length > 0 ? Math.max(...times) : undefined;
}

function ourFields(deployment: V1Deployment): NonNullable<NonNullable<V1Deployment['metadata']>['managedFields']> {
  const entries = deployment.metadata?.managedFields ?? [];
  return entries.filter((entry) => entry.manager === fieldManager && entry.operation === 'Apply' && !entry.subresource);
}

/** `k:{"name":"api"}` → `api`. */
function containerName(key: string): string[] {
  if (!key.startsWith('k:')) return [];
  try {
    const parsed = z.object({ name: z.string() }).safeParse(JSON.parse(key.slice(2)));
    return parsed.success ? [parsed.data.name] : [];
  } catch {
    return [];
  }
}
