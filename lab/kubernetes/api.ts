import { Agent, request } from 'node:https';
import { kubectlPath } from './binaries.ts';
import { run } from './command.ts';

/** A small reader of a Kubernetes API. */
export interface KubernetesApi {
  server: string;
  get(path: string): Promise<{ status: number; body: string }>;
  close(): void;
}

interface FlatConfig {
  clusters: { cluster: { server: string; 'certificate-authority-data'?: string } }[];
  users?: { user: { 'client-certificate-data'?: string; 'client-key-data'?: string } }[];
}

/**
 * Opens the API a kubeconfig names. With a client certificate in it the API is asked directly; with any other kind of
 * login (tokens, exec plugins) kubectl asks, because it knows them all.
 */
export async function openApi(kubeconfig: string, context?: string): Promise<KubernetesApi> {
  const kubectl = await kubectlPath();
  const place = ['--kubeconfig', kubeconfig, ...(context ? ['--context', context] : [])];
  const shown = await run(kubectl, [...place, 'config', 'view', '--raw', '--flatten', '--minify', '-o', 'json']);
  const config = JSON.parse(shown.stdout) as FlatConfig;
  const cluster = config.clusters[0]?.cluster;
  if (!cluster) throw new Error(`${kubeconfig} names no cluster${context ? ` for the context ${context}` : ''}`);
  const user = config.users?.[0]?.user;
  const [ca, cert, key] = [
    cluster['certificate-authority-data'],
    user?.['client-certificate-data'],
    user?.['client-key-data'],
  ];
  if (!ca || !cert || !key) return throughKubectl(kubectl, place, cluster.server);
  const bytes = (text: string) => Buffer.from(text, 'base64');
  return direct(
    cluster.server,
    new Agent({ ca: bytes(ca), cert: bytes(cert), key: bytes(key), keepAlive: true, timeout: 5000 }),
  );
}

function direct(server: string, agent: Agent): KubernetesApi {
  const get = (path: string) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const sent = request(`${server}${path}`, { agent, timeout: 5000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      });
      sent.on('timeout', () => sent.destroy(new Error(`${server} did not answer within 5 s`)));
      sent.on('error', reject);
      sent.end();
    });
  return { server, get, close: () => agent.destroy() };
}

function throughKubectl(kubectl: string, place: readonly string[], server: string): KubernetesApi {
  const get = async (path: string) => ({
    status: 200,
    body: (await run(kubectl, [...place, 'get', '--raw', path], { timeout: 10_000 })).stdout,
  });
  return { server, get, close: () => {} };
}
