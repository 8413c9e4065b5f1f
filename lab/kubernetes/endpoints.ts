import type { KubernetesApi } from './api.ts';

export interface Endpoint {
  address: string;
  port: number;
}

interface EndpointSlice {
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[];
  ports?: { name?: string; port?: number; protocol?: string }[];
}

const FRESH_FOR_MS = 500;

/** Answers the ready endpoints of a service, asked for when needed and kept for half a second. */
export function endpointLookup(api: KubernetesApi, namespace: string, service: string): () => Promise<Endpoint[]> {
  let known: Promise<Endpoint[]> | undefined;
  let until = 0;
  return () => {
    if (known && Date.now() < until) return known;
    until = Date.now() + FRESH_FOR_MS;
    known = lookUp(api, namespace, service);
    known.catch(() => (known = undefined));
    return known;
  };
}

async function lookUp(api: KubernetesApi, namespace: string, service: string): Promise<Endpoint[]> {
  const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`);
  const answer = await api.get(
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`,
  );
  if (answer.status !== 200) throw new Error(`the API answered ${answer.status}`);
  return readyEndpoints((JSON.parse(answer.body) as { items: EndpointSlice[] }).items);
}

/** The ready addresses of a service's slices with their first TCP port. A missing `ready` counts as ready, as the API documents. */
function readyEndpoints(slices: readonly EndpointSlice[]): Endpoint[] {
  return slices.flatMap((slice) => {
    const port = slice.ports?.find((candidate) => (candidate.protocol ?? 'TCP') === 'TCP')?.port;
    if (port === undefined) return [];
    const ready = (slice.endpoints ?? []).filter((endpoint) => endpoint.conditions?.ready !== false);
    return ready.flatMap(({ addresses }) => addresses.slice(0, 1).map((address) => ({ address, port })));
  });
}
