import { badRequest, notImplemented } from './api-error.ts';
import type { Kubelet } from './kubelet.ts';
import type { ApiRequest } from './request.ts';
import type { Pod } from './types.ts';

/** A container's log: whole, or its last lines (`tailLines`), then at most `limitBytes` of that from its beginning, as the kubelet counts. */
export function readLog(kubelet: Kubelet, pod: Pod, request: ApiRequest): string {
  const { query } = request;
  for (const option of ['follow', 'timestamps'])
    if (query.get(option) === 'true') throw notImplemented(`the log option ${option}`);
  for (const option of ['sinceSeconds', 'sinceTime'])
    if (query.has(option)) throw notImplemented(`the log option ${option}`);
  const names = pod.spec.containers.map((container) => container.name);
  const container = query.get('container') || (names.length === 1 ? names[0] : undefined);
  if (!container)
    throw badRequest(
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
    );
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${pod.metadata.name}`);
  const previous = query.get('previous') === 'true';
  const log = kubelet.log(pod, container, previous);
  if (log !== undefined) return cut(log, query.get('tailLines'), query.get('limitBytes'));
  if (previous)
    throw badRequest(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found`);
  throw badRequest(
    `container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${waitingFor(pod, container)}`,
  );
}

function cut(log: string, tailLines: string | null, limitBytes: string | null): string {
  const lines = log.split(/(?<=\n)/);
  const tail = tailLines === null ? log : lines.slice(Math.max(0, lines.length - Number(tailLines))).join('');
  return limitBytes === null ? tail : Buffer.from(tail).subarray(0, Number(limitBytes)).toString('utf8');
}

function waitingFor(pod: Pod, container: string): string {
  const reason =
    pod.status.containerStatuses?.find((status) => status.name === container)?.state.waiting?.reason ??
    'ContainerCreating';
  return /ImagePull/.test(reason) ? 'trying and failing to pull image' : reason;
}
