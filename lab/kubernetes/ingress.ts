import { Agent, createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startApiProxy } from './api-proxy.ts';
import { openApi } from './api.ts';
import { endpointLookup } from './endpoints.ts';
import { forward, NotDelivered, readBody } from './forward.ts';
import type { Target } from './forward.ts';

export interface IngressOptions {
  kubeconfig: string;
  /** A context of the kubeconfig; its current one by default. */
  context?: string;
  namespace: string;
  service: string;
  /** The loopback port to listen on; 0 picks one. */
  port: number;
  /** `pods` (the default) needs a machine that reaches pod addresses, as with a region of our own; `api` goes through the API server and needs nothing. */
  through?: 'pods' | 'api';
}

export interface Ingress {
  url: string;
  stop(): Promise<void>;
}

interface Way {
  /** Where the next request goes; undefined when no pod is ready. */
  next(): Promise<Target | undefined>;
  close(): Promise<void>;
}

const TRIES = 3;

/**
 * A small HTTP ingress on loopback for one service: each request goes to the next ready pod, and to another one when no
 * connection came about. Without a ready pod it answers 503, and 502 when a pod breaks off or none can be reached.
 */
export async function startIngress(options: IngressOptions): Promise<Ingress> {
  const name = `${options.namespace}/${options.service}`;
  const way = options.through === 'api' ? await throughApi(options) : await throughPods(options);
  const agent = new Agent({ keepAlive: false }); // a kept connection would reach a pod that is on its way out
  const server = createServer((incoming, outgoing) => {
    serve(name, way, agent, incoming, outgoing).catch((error: Error) =>
      refuse(outgoing, 502, `${name} does not answer: ${error.message}`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  }).catch(async (error: unknown) => {
    await way.close();
    throw error;
  });
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    agent.destroy();
    await Promise.all([closed, way.close()]);
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

async function serve(
  name: string,
  way: Way,
  agent: Agent,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  for (let left = TRIES; ; left -= 1) {
    const target = await way.next();
    if (!target) return refuse(outgoing, 503, `no ready pod behind ${name}`);
    try {
      return await forward(agent, target, incoming, body, outgoing);
    } catch (error) {
      if (!(error instanceof NotDelivered) || left === 1) throw error;
    }
  }
}

async function throughPods(options: IngressOptions): Promise<Way> {
  const api = await openApi(options.kubeconfig, options.context);
  const endpoints = endpointLookup(api, options.namespace, options.service);
  let turn = 0;
  const next = async () => {
    const ready = await endpoints();
    const chosen = ready[turn++ % Math.max(1, ready.length)];
    return chosen && { host: chosen.address, port: chosen.port, prefix: '', headers: {} };
  };
  return { next, close: async () => api.close() };
}

async function throughApi(options: IngressOptions): Promise<Way> {
  const proxy = await startApiProxy(options.kubeconfig, options.context);
  const prefix = `/api/v1/namespaces/${options.namespace}/services/${options.service}/proxy`;
  // kubectl's proxy answers only requests for a loopback host
  return {
    next: async () => ({ host: '127.0.0.1', port: proxy.port, prefix, headers: { host: `127.0.0.1:${proxy.port}` } }),
    close: proxy.stop,
  };
}

function refuse(outgoing: ServerResponse, status: number, reason: string): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing.writeHead(status, { 'content-type': 'text/plain' });
  outgoing.end(`${reason}\n`);
}
