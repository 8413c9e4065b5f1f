import { ApiError, badRequest, modified, notFound, notImplemented } from './api-error.ts';
import type { Control } from './control.ts';
import { withDeploymentDefaults, withJobDefaults, withoutNulls } from './defaults.ts';
import { managerName } from './effects.ts';
import { apiVersionOf, qualifiedName } from './kinds.ts';
import type { Writer } from './managed-fields.ts';
import { jsonPatch, mergePatch, strategicMergePatch } from './patch.ts';
import type { ApiRequest } from './request.ts';
import { isObject, type Json, type JsonObject } from './schema.ts';
import { plain, timestamp } from './store.ts';
import type { AnyObject, Deployment, Metadata } from './types.ts';
import { validateDeployment, validateJob } from './validation.ts';

/** The target with the request's patch in it, by its content type. */
export function patched(request: ApiRequest, target: Json): Json {
  const merge =
    { 'application/json-patch+json': jsonPatch, 'application/merge-patch+json': mergePatch }[request.contentType] ??
    strategicMergePatch;
  return withoutNulls(merge(target, request.body ?? {}));
}

/** An object as a client sends it. */
export type KubeBody = Omit<AnyObject, 'metadata'> & { metadata: Partial<Metadata> };

export function readObject(request: ApiRequest): KubeBody {
  const { body, type } = request;
  if (!isObject(body)) throw badRequest('the body must be an object');
  if ((body['kind'] ?? type.kind) !== type.kind || (body['apiVersion'] ?? apiVersionOf(type)) !== apiVersionOf(type)) {
    const stated = JSON.stringify({ apiVersion: body['apiVersion'], kind: body['kind'] });
    throw badRequest(`an object of type ${stated} cannot be handled as a ${type.kind}`);
  }
  const bare = withoutNulls(body);
  return { ...bare, metadata: isObject(bare['metadata']) ? bare['metadata'] : {} } as unknown as KubeBody;
}

export function find(control: Control, request: ApiRequest): AnyObject | undefined {
  return control.store.get(request.type.kind, request.namespace, request.name);
}

export function existing(control: Control, request: ApiRequest): AnyObject {
  const live = find(control, request);
  if (!live) throw notFound(qualifiedName(request.type), request.name);
  return live;
}

export function checkPreconditions(request: ApiRequest, live: AnyObject, wanted: Partial<Metadata> | undefined): void {
  if (wanted?.resourceVersion && wanted.resourceVersion !== live.metadata.resourceVersion)
    throw modified(qualifiedName(request.type), request.name);
  if (!wanted?.uid || wanted.uid === live.metadata.uid) return;
  const message = `Operation cannot be fulfilled on ${qualifiedName(request.type)} "${request.name}": Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${live.metadata.uid}`;
  throw new ApiError(409, 'Conflict', message);
}

/** What no write of the main resource may move: identity, and the status. */
export function protect(live: AnyObject, next: AnyObject): AnyObject {
  const { name, namespace, uid, creationTimestamp, generation, resourceVersion, deletionTimestamp, managedFields } =
    live.metadata;
  const metadata = {
    ...next.metadata,
    name,
    namespace,
    uid,
    creationTimestamp,
    generation,
    resourceVersion,
    deletionTimestamp,
    managedFields,
  };
  return plain({
    ...next,
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata,
    ...('status' in live ? { status: live.status } : {}),
  }) as unknown as AnyObject;
}

/** Defaults, then validation. */
export function prepare(object: AnyObject, live: AnyObject | undefined): AnyObject {
  if (object.kind === 'Deployment') {
    const complete = withDeploymentDefaults(object);
    validateDeployment(complete, live as Deployment | undefined);
    return live ? complete : { ...complete, status: {} };
  }
  if (object.kind === 'Job') {
    const complete = withJobDefaults(object);
    validateJob(complete);
    return complete;
  }
  if (object.kind === 'Secret') {
    const { stringData, ...secret }: typeof object & { stringData?: Record<string, string> } = object;
    const encoded = Object.entries(stringData ?? {}).map(([key, value]) => [key, base64(value)] as const);
    const data: Record<string, string> = { ...secret.data, ...Object.fromEntries(encoded) };
    return { ...secret, type: secret.type ?? 'Opaque', data };
  }
  if (object.kind === 'ConfigMap' || object.kind === 'ServiceAccount') return object;
  if (object.kind === 'Namespace') return { ...object, status: { phase: 'Active' } };
  throw notImplemented(`writing ${object.kind}`);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The object without what managers cannot own anyway, so that merges never see it. */
export function fieldsBody(object: AnyObject): JsonObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return plain({ ...object, metadata }) as unknown as JsonObject;
}

export function writerOf(control: Control, request: ApiRequest): Writer {
  return {
    manager: managerName(request),
    apiVersion: apiVersionOf(request.type),
    time: timestamp(control.now()),
    ...(request.subresource ? { subresource: request.subresource } : {}),
  };
}
