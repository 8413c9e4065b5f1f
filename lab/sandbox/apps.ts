import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Control } from './control.ts';
import type { Kubelet } from './kubelet.ts';
import { isReady } from './replicaset-controller.ts';
import { controllerOf } from './selectors.ts';
import type { Pod } from './types.ts';

/** Answers `/apps/<namespace>/<deployment>/<path…>` as a Service in front of the Deployment would: its ready pods in turn, old and new alike. */
export function createApps(control: Control, kubelet: Kubelet) {
  const turns = new Map<string, number>();

  function readyPods(namespace: string, name: string): Pod[] {
    const deployment = control.store.get('Deployment', namespace, name);
    const sets = control.store
      .list('ReplicaSet', namespace)
      .filter((set) => controllerOf(set) === deployment?.metadata.uid);
    const owners = new Set(sets.map((set) => set.metadata.uid));
    return control.store
      .list('Pod', namespace)
      .filter((pod) => owners.has(controllerOf(pod) ?? '') && isReady(pod) && !pod.metadata.deletionTimestamp);
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const [, , namespace = '', name = '', ...rest] = url.pathname.split('/');
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const pods = readyPods(namespace, name);
    const turn = (turns.get(`${namespace}/${name}`) ?? 0) + 1;
    turns.set(`${namespace}/${name}`, turn);
    const pod = pods[turn % pods.length];
    if (!pod) {
      response.writeHead(503, { 'content-type': 'text/plain' }).end('no ready pods\n');
      return;
    }
    const asked = {
      method: request.method ?? 'GET',
      path: `/${rest.join('/')}${url.search}`,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    const answer = await kubelet.answer(pod, asked);
    response
      .writeHead(answer.status, {
        'content-type': answer.contentType ?? 'text/plain; charset=utf-8',
        'x-sandbox-pod': pod.metadata.name,
      })
      .end(answer.body);
  };
}
