import type { V1Deployment, V1ManagedFieldsEntry } from '@kubernetes/client-node';
import { z } from 'zod';
import type { WriterObservation } from '../../domain/rollout-observation.ts';
import { changeCauseAnnotation, fieldManager, releaseAnnotation } from './annotations.ts';
import { imagesOf } from './deployment.ts';

const managedContainers = z.object({
  'f:spec': z.object({
    'f:template': z.object({
      'f:spec': z.object({ 'f:containers': z.record(z.string(), z.record(z.string(), z.unknown())) }),
    }),
  }),
});
const managedAnnotations = z.object({
  'f:metadata': z.object({ 'f:annotations': z.record(z.string(), z.unknown()) }),
});

/**
 * Containers whose image an earlier write of ours owns. An apply that leaves out a field which only we own *removes* it, so each
 * write must name them again, even when this release has nothing for them.
 */
export function ownedContainers(deployment: V1Deployment): string[] {
  return ourFields(deployment).flatMap((entry) => containersOf(entry).map(([name]) => name));
}

/** When our manager last changed something here (ms); undefined when it never did. */
export function lastWrite(deployment: V1Deployment): number | undefined {
  const times = ourFields(deployment).flatMap((entry) => (entry.time ? [entry.time.getTime()] : []));
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** Who has set each container's image: the latest of those whom the API server names as its owners. */
export function imageWriters(deployment: V1Deployment): Record<string, WriterObservation> {
  const writers = Object.keys(imagesOf(deployment.spec?.template)).flatMap((container) => {
    const [latest] = specFields(deployment)
      .filter((entry) => containersOf(entry).some(([name, fields]) => name === container && 'f:image' in fields))
      .sort((a, b) => (b.time?.getTime() ?? 0) - (a.time?.getTime() ?? 0));
    return latest ? [[container, writerOf(deployment, latest)] as const] : [];
  });
  return Object.fromEntries(writers);
}

function writerOf(deployment: V1Deployment, entry: V1ManagedFieldsEntry): WriterObservation {
  const annotations = deployment.metadata?.annotations ?? {};
  const ours = isOurs(entry);
  const releaseId = annotations[releaseAnnotation];
  const annotated = managedAnnotations.safeParse(entry.fieldsV1);
  // One that somebody else has left there says nothing about this write.
  const isItsOwn = annotated.success && `f:${changeCauseAnnotation}` in annotated.data['f:metadata']['f:annotations'];
  const changeCause = isItsOwn ? annotations[changeCauseAnnotation] : undefined;
  return {
    manager: entry.manager ?? 'somebody without a name',
    ours,
    ...(ours && releaseId !== undefined && { releaseId }),
    ...(entry.time && { at: entry.time.getTime() }),
    ...(changeCause !== undefined && { changeCause }),
  };
}

function specFields(deployment: V1Deployment): V1ManagedFieldsEntry[] {
  return (deployment.metadata?.managedFields ?? []).filter((entry) => !entry.subresource);
}

function ourFields(deployment: V1Deployment): V1ManagedFieldsEntry[] {
  return specFields(deployment).filter(isOurs);
}

function isOurs({ manager, operation }: V1ManagedFieldsEntry): boolean {
  return manager === fieldManager && operation === 'Apply';
}

/** Containers of which the entry owns something, with the fields it owns. */
function containersOf(entry: V1ManagedFieldsEntry): [string, Record<string, unknown>][] {
  const parsed = managedContainers.safeParse(entry.fieldsV1);
  if (!parsed.success) return [];
  const containers = parsed.data['f:spec']['f:template']['f:spec']['f:containers'];
  return Object.entries(containers).flatMap(([key, fields]) =>
    containerName(key).map((name): [string, Record<string, unknown>] => [name, fields]),
  );
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
