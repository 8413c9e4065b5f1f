import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { ApiError, notImplemented } from './api-error.ts';
import type { Control } from './control.ts';
import { discover } from './discovery.ts';
import { evict } from './eviction.ts';
import { effectOf, type Effect } from './effects.ts';
import type { FaultPlan } from './faults.ts';
import type { Kubelet } from './kubelet.ts';
import { readLog } from './logs.ts';
import { asWanted, list, wantsTable, watch } from './reads.ts';
import { readRequest, type ApiRequest } from './request.ts';
import { asTable } from './tables.ts';
import type { Pod } from './types.ts';
import { reviewAccess } from './access-review.ts';
import { scale } from './scale.ts';
import { existing } from './write-rules.ts';
import { apply, create, patch, remove, update, type Written } from './writes.ts';

export interface Routes {
  control: Control;
  kubelet: Kubelet;
  faults: FaultPlan;
  effects: Effect[];
  /** Each cuts one open watch. */
  watches: Set<() => void>;
}

interface Answer {
  code: number;
  body: unknown;
}

/** One API request from socket to answer, faults included. */
export async function answerApi(
  routes: Routes,
  message: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  try {
    const known = message.method === 'GET' ? discoverOrHealth(url.pathname) : undefined;
    if (known !== undefined) return send(response, 200, known);
    const request = await readRequest(message, url);
    await wait(routes.faults.delayFor(request));
    if (routes.faults.isUnreachable()) return void message.socket.destroy();
    const failure = routes.faults.failureFor(request);
    if (failure) throw failure;
    if (routes.faults.conflicts(request)) touchTarget(routes.control, request);
    if (request.verb === 'watch') return openWatch(routes, request, response);
    const answer = execute(routes, request);
    if (routes.faults.losesReply(request)) return void message.socket.destroy();
    send(response, answer.code, answer.body);
  } catch (error) {
    const failure =
      error instanceof ApiError
        ? error
        : new ApiError(500, 'InternalError', `the sandbox region failed: ${String(error)}`);
    send(response, failure.body.code, failure.body);
  }
}

function discoverOrHealth(path: string): unknown {
  return ['/healthz', '/readyz', '/livez'].includes(path) ? 'ok' : discover(path);
}

function execute(routes: Routes, request: ApiRequest): Answer {
  const { control } = routes;
  if (request.subresource === 'scale') {
    const done = scale(control, request);
    return noted(routes, request, done.written, { code: 200, body: done.scale });
  }
  if (request.subresource === 'eviction') {
    const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
    return noted(routes, request, evict(control, request), { code: 201, body });
  }
  if (request.subresource === 'log')
    return { code: 200, body: readLog(routes.kubelet, existing(control, request) as Pod, request) };
  if (request.type.kind === 'SelfSubjectAccessReview') return { code: 201, body: reviewAccess(routes.faults, request) };
  if (request.verb === 'list') return { code: 200, body: list(control, request) };
  if (request.verb === 'get') {
    const object = existing(control, request);
    return {
      code: 200,
      body: wantsTable(request)
        ? asTable(object.kind, [object], object.metadata.resourceVersion, control.now())
        : asWanted(request, object),
    };
  }
  const written = writeFor(request)(control, request);
  return noted(routes, request, written, { code: written.code, body: written.object });
}

function writeFor(request: ApiRequest) {
  if (request.verb === 'create') return create;
  if (request.verb === 'update') return update;
  if (request.verb === 'patch') return patch;
  if (request.verb === 'apply') return apply;
  if (request.verb === 'delete') return remove;
  throw notImplemented(request.verb);
}

function noted(routes: Routes, request: ApiRequest, written: Written | undefined, answer: Answer): Answer {
  if (written?.changed) routes.effects.push(effectOf(request, written.object, routes.control.now()));
  return answer;
}

function openWatch(routes: Routes, request: ApiRequest, response: ServerResponse): void {
  const cut = () => void response.destroy();
  routes.watches.add(cut);
  response.on('close', () => void routes.watches.delete(cut));
  watch(routes.control, request, response);
}

function touchTarget(control: Control, request: ApiRequest): void {
  const found = control.store.get(request.type.kind, request.namespace, request.name);
  if (found) control.store.touch(found);
}

function send(response: ServerResponse, code: number, body: unknown): void {
  const isText = typeof body === 'string';
  const retry = code === 429 ? { 'retry-after': '1' } : {};
  response
    .writeHead(code, { 'content-type': isText ? 'text/plain' : 'application/json', ...retry })
    .end(isText ? body : `${JSON.stringify(body)}\n`);
}
