import { randomUUID } from 'node:crypto';
import { serverSideApply } from './apply.ts';
import { badRequest, modified, notFound } from './api-error.ts';
import type { Control } from './control.ts';
import { deleteObject, type PropagationPolicy } from './garbage.ts';
import { apiVersionOf, qualifiedName } from './kinds.ts';
import { readManagers, trackUpdate, writeManagers, type Manager } from './managed-fields.ts';
import type { ApiRequest } from './request.ts';
import { isObject, type JsonObject } from './schema.ts';
import { plain, type NewObject } from './store.ts';
import type { AnyObject, Job, Kinds, Metadata } from './types.ts';
import { validateName } from './validation.ts';
import {
  checkPreconditions,
  existing,
  fieldsBody,
  find,
  patched,
  prepare,
  protect,
  readObject,
  writerOf,
  type KubeBody,
} from './write-rules.ts';

export interface Written {
  code: number;
  object: AnyObject;
  /** False for dry runs and for writes that made no difference. */
  changed: boolean;
}

export function create(control: Control, request: ApiRequest): Written {
  const body = readObject(request);
  const metadata = { ...body.metadata };
  if (request.namespace && metadata.namespace && metadata.namespace !== request.namespace)
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  if (metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
  if (!metadata.name && metadata.generateName)
    metadata.name = `${metadata.generateName}${Math.random().toString(36).slice(2, 7)}`;
  return createObject(control, request, { ...body, metadata }, [], 'Update');
}

function createObject(
  control: Control,
  request: ApiRequest,
  body: KubeBody,
  managers: Manager[],
  operation: 'Apply' | 'Update',
): Written {
  if (request.namespace && !control.store.get('Namespace', '', request.namespace))
    throw notFound('namespaces', request.namespace);
  validateName(request.type.kind, body.metadata);
  const metadata = { ...body.metadata, ...(request.type.namespaced ? { namespace: request.namespace } : {}) };
  for (const key of serverOwned) delete metadata[key];
  const type = { kind: request.type.kind, apiVersion: apiVersionOf(request.type) };
  const full = prepare({ ...body, ...type, metadata } as unknown as AnyObject, undefined);
  full.metadata.uid = randomUUID();
  if (full.kind === 'Job') selectOwnPods(full);
  const tracked = operation === 'Apply' ? managers : trackUpdate([], {}, fieldsBody(full), writerOf(control, request));
  full.metadata.managedFields = writeManagers(tracked);
  const draft = full as unknown as NewObject;
  const object = request.dryRun ? control.store.previewCreate(draft) : control.store.create(draft);
  return { code: 201, object, changed: !request.dryRun };
}

const serverOwned = [
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'managedFields',
  'deletionTimestamp',
] as const;

/** A Job's pods are found by its uid. */
function selectOwnPods(job: Job): void {
  const uid = job.metadata.uid;
  const { template } = job.spec;
  job.spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  const labels = { ...template.metadata?.labels, 'batch.kubernetes.io/controller-uid': uid, 'controller-uid': uid };
  template.metadata = { ...template.metadata, labels };
}

export function update(control: Control, request: ApiRequest): Written {
  const live = existing(control, request);
  return replace(control, request, live, readObject(request) as unknown as AnyObject);
}

export function patch(control: Control, request: ApiRequest): Written {
  const live = existing(control, request);
  return replace(control, request, live, patched(request, fieldsBody(live)) as unknown as AnyObject);
}

export function apply(control: Control, request: ApiRequest): Written {
  if (!request.query.get('fieldManager'))
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  const body = readObject(request);
  if (body.metadata.managedFields) throw badRequest('metadata.managedFields must be nil');
  if (body.metadata.name !== undefined && body.metadata.name !== request.name)
    throw badRequest(
      `the name of the object (${body.metadata.name}) does not match the name on the URL (${request.name})`,
    );
  const applied = plain(body) as unknown as JsonObject;
  const writer = writerOf(control, request);
  const live = find(control, request);
  const force = request.query.get('force') === 'true';
  if (!live) {
    if (body.metadata.uid || body.metadata.resourceVersion) throw modified(qualifiedName(request.type), request.name);
    const { object, managers } = serverSideApply({}, [], applied, writer, force);
    const fresh = object as unknown as KubeBody;
    return createObject(
      control,
      request,
      { ...fresh, metadata: { ...fresh.metadata, name: request.name } },
      managers,
      'Apply',
    );
  }
  checkPreconditions(request, live, body.metadata);
  const { object, managers } = serverSideApply(
    fieldsBody(live),
    readManagers(live.metadata.managedFields),
    applied,
    writer,
    force,
  );
  return store(control, request, live, object as unknown as AnyObject, managers);
}

/** An ordinary write: what it changes becomes the writer's. */
export function replace(control: Control, request: ApiRequest, live: AnyObject, next: AnyObject): Written {
  checkPreconditions(request, live, next.metadata);
  const complete = prepare(protect(live, next), live);
  const managers = trackUpdate(
    readManagers(live.metadata.managedFields),
    fieldsBody(live),
    fieldsBody(complete),
    writerOf(control, request),
  );
  return store(control, request, live, complete, managers);
}

function store(control: Control, request: ApiRequest, live: AnyObject, next: AnyObject, managers: Manager[]): Written {
  const complete = prepare(protect(live, next), live);
  complete.metadata.managedFields = writeManagers(managers);
  const object = request.dryRun ? control.store.previewUpdate(complete) : control.store.update(complete);
  return { code: 200, object, changed: !request.dryRun && object !== live };
}

export function remove(control: Control, request: ApiRequest): Written {
  const live = existing(control, request) as Kinds['Deployment' | 'Job' | 'Pod'];
  const options = (isObject(request.body) ? request.body : {}) as {
    propagationPolicy?: string;
    preconditions?: Partial<Metadata>;
  };
  checkPreconditions(request, live, options.preconditions ?? {});
  // batch/v1 orphans pods unless told otherwise, for historical reasons.
  const policy =
    options.propagationPolicy ??
    request.query.get('propagationPolicy') ??
    (live.kind === 'Job' ? 'Orphan' : 'Background');
  if (!['Foreground', 'Background', 'Orphan'].includes(policy))
    throw badRequest(`propagationPolicy: Unsupported value: ${JSON.stringify(policy)}`);
  const object = request.dryRun ? live : deleteObject(control, live, policy as PropagationPolicy);
  return { code: 200, object, changed: !request.dryRun };
}
