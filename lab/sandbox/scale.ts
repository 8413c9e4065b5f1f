import { invalid } from './api-error.ts';
import type { Control } from './control.ts';
import type { ApiRequest } from './request.ts';
import type { Json } from './schema.ts';
import type { Deployment, Metadata } from './types.ts';
import { existing, patched } from './write-rules.ts';
import { replace, type Written } from './writes.ts';

/** Reads and writes a Deployment's size alone: what `kubectl scale` and autoscalers use. */
export function scale(control: Control, request: ApiRequest): { written?: Written; scale: unknown } {
  const live = existing(control, request) as Deployment;
  if (request.verb === 'get') return { scale: scaleOf(live) };
  const body = request.verb === 'update' ? request.body : patched(request, scaleOf(live) as unknown as Json);
  const wanted = (body ?? {}) as { metadata?: Partial<Metadata>; spec?: { replicas?: number } };
  const replicas = wanted.spec?.replicas ?? 0;
  if (!Number.isInteger(replicas) || replicas < 0)
    throw invalid('Scale', request.name, [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.replicas',
        message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
      },
    ]);
  const metadata = {
    ...live.metadata,
    resourceVersion: wanted.metadata?.resourceVersion ?? live.metadata.resourceVersion,
  };
  const written = replace(control, request, live, { ...live, metadata, spec: { ...live.spec, replicas } });
  return { written, scale: scaleOf(written.object as Deployment) };
}

function scaleOf(deployment: Deployment) {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = deployment.metadata;
  const selector = Object.entries(deployment.spec.selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: deployment.spec.replicas },
    status: { replicas: deployment.status.replicas ?? 0, selector },
  };
}
