import type { V1Deployment, V1EnvVar, V1ManagedFieldsEntry } from '@kubernetes/client-node';
import { z } from 'zod';
import { isTheirs } from '../../domain/rollout-superseded.ts';
import type { VariableObservation, WriterObservation } from '../../domain/rollout-observation.ts';
import { containersOf, fieldsOf, isOurs, specFields, variablesIn } from '../shared/managed-fields.ts';
import { changeCauseAnnotation, releaseAnnotation } from './annotations.ts';
import { imagesOf } from './pod-template.ts';

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
    const latest = latestOf(specFields(deployment), (entry) => 'f:image' in fieldsOf(entry, container));
    return latest ? [[container, writerOf(deployment, latest)] as const] : [];
  });
  return Object.fromEntries(writers);
}

/** Each environment variable of each container: whose it is. What others alone have set is not read. */
export function variablesOf(deployment: V1Deployment): Record<string, Record<string, VariableObservation>> {
  return Object.fromEntries(
    (deployment.spec?.template.spec?.containers ?? []).map(({ name: container, env = [] }) => {
      // Read once for all of them: every look of a rollout asks.
      const entries = specFields(deployment).map((entry) => [entry, variablesIn(fieldsOf(entry, container))] as const);
      const variables = env.map((variable) => [variable.name, variableIn(deployment, entries, variable)] as const);
      return [container, Object.fromEntries(variables)];
    }),
  );
}

function variableIn(
  deployment: V1Deployment,
  entries: readonly (readonly [V1ManagedFieldsEntry, Map<string, boolean>])[],
  { name, value = '', valueFrom }: V1EnvVar,
): VariableObservation {
  const having = entries.filter(([, variables]) => variables.has(name));
  // Whoever has changed the value of another's variable owns that value alone.
  const setting = having.filter(([, variables]) => variables.get(name));
  const latest = latestOf((setting.length > 0 ? setting : having).map(([entry]) => entry));
  const ours = having.some(([entry]) => isOurs(entry));
  const others = having.filter(([entry]) => !isOurs(entry));
  const isNameOnly = ours && !setting.some(([entry]) => isOurs(entry));
  return {
    ours,
    shared: others.length > 0,
    // Who applies its name alone, as another has set the value over theirs, keeps nothing of that.
    ...(others.some(([{ operation }, variables]) => operation === 'Apply' && variables.get(name)) && {
      applied: true as const,
    }),
    ...(ours && !valueFrom && { value }),
    ...(isNameOnly && { nameOnly: true as const }),
    ...(latest && { by: writerOf(deployment, latest) }),
  };
}

/** By container, those of these variables that our writes do not set, though they are there: somebody else alone has set them, or to what is no text. */
export function foreignIn(
  deployment: V1Deployment,
  containers: readonly string[],
  names: readonly string[],
): { container: string; variables: { name: string; by: string | undefined }[] }[] {
  const there = variablesOf(deployment);
  return containers.map((container) => {
    const found = new Map(Object.entries(there[container] ?? {}));
    const variables = names.flatMap((name) => {
      const one = found.get(name);
      return one && isTheirs(one) ? [{ name, by: one.by?.manager }] : [];
    });
    return { container, variables };
  });
}

function latestOf(
  entries: readonly V1ManagedFieldsEntry[],
  isMeant: (entry: V1ManagedFieldsEntry) => boolean = () => true,
): V1ManagedFieldsEntry | undefined {
  return entries.filter(isMeant).sort((a, b) => (b.time?.getTime() ?? 0) - (a.time?.getTime() ?? 0))[0];
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

function ourFields(deployment: V1Deployment): V1ManagedFieldsEntry[] {
  return specFields(deployment).filter(isOurs);
}
