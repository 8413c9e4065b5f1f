import type { ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import type { Control } from './control.ts';
import { apiVersionOf } from './kinds.ts';
import type { ApiRequest } from './request.ts';
import { fieldSelector, labelSelector } from './selectors.ts';
import type { StoreEvent } from './store.ts';
import { asTable } from './tables.ts';
import type { AnyObject } from './types.ts';

/** kubectl asks for tables first and takes plain objects where it gets them. */
export function wantsTable(request: ApiRequest): boolean {
  return request.accept.startsWith('application/json;as=Table;v=v1;g=meta.k8s.io');
}

/** An object, or a list of them, as the request wants it: all of it, or its metadata alone. */
export function asWanted<T extends { metadata: unknown }>({ accept }: ApiRequest, object: T): unknown {
  if (!/;as=PartialObjectMetadata(List)?;/.test(accept)) return object;
  const type = { apiVersion: 'meta.k8s.io/v1' };
  const only = ({ metadata }: { metadata: unknown }) => ({ kind: 'PartialObjectMetadata', ...type, metadata });
  if (!('items' in object)) return only(object);
  const items = (object.items as AnyObject[]).map(only);
  return { kind: 'PartialObjectMetadataList', ...type, metadata: object.metadata, items };
}

function selected(request: ApiRequest): (object: AnyObject) => boolean {
  const byLabel = labelSelector(request.query.get('labelSelector'));
  const byField = fieldSelector(request.query.get('fieldSelector'));
  return (object) =>
    object.kind === request.type.kind &&
    (request.namespace === '' || object.metadata.namespace === request.namespace) &&
    (request.name === '' || object.metadata.name === request.name) &&
    byLabel(object.metadata.labels ?? {}) &&
    byField(object);
}

export function list(control: Control, request: ApiRequest): unknown {
  const objects = control.store.list(request.type.kind).filter(selected(request)) as AnyObject[];
  const resourceVersion = String(control.store.version());
  if (wantsTable(request)) return asTable(request.type.kind, objects, resourceVersion, control.now());
  return asWanted(request, {
    kind: `${request.type.kind}List`,
    apiVersion: apiVersionOf(request.type),
    metadata: { resourceVersion },
    items: objects,
  });
}

/**
 * Streams changes until the client goes or `timeoutSeconds` have passed.
 * From a version: what happened since, 410 in the stream when that is no longer kept. Without one (or 0): first everything there is.
 */
export function watch(control: Control, request: ApiRequest, response: ServerResponse): void {
  if (request.query.get('sendInitialEvents') !== null)
    throw new ApiError(
      422,
      'Invalid',
      'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
    );
  const matches = selected(request);
  const from = request.query.get('resourceVersion') ?? '';
  let first = true;
  const write = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`);
  const send = (event: Pick<StoreEvent, 'type' | 'object'>) => {
    if (!matches(event.object)) return;
    const table = () =>
      asTable(event.object.kind, [event.object], event.object.metadata.resourceVersion, control.now(), first);
    write(event.type, wantsTable(request) ? table() : event.object);
    first = false;
  };

  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const missed =
    from === '' || from === '0'
      ? (control.store.list(request.type.kind) as AnyObject[]).map((object) => ({ type: 'ADDED' as const, object }))
      : control.store.since(Number(from));
  if (!missed) {
    write('ERROR', new ApiError(410, 'Expired', `too old resource version: ${from}`).body);
    response.end();
    return;
  }
  missed.forEach(send);
  const unsubscribe = control.store.subscribe(send);
  const seconds = Number(request.query.get('timeoutSeconds') ?? 0);
  const timer = seconds > 0 ? setTimeout(() => stop(), seconds * 1_000).unref() : undefined;
  const stop = () => {
    unsubscribe();
    clearTimeout(timer);
    response.end();
  };
  response.on('close', stop);
}
