import {
  ApiException,
  Observable,
  ResponseContext,
  type ObservableMiddleware,
  type V1Pod,
} from '@kubernetes/client-node';
import type { ClusterConnection } from './cluster-connection.ts';
import { statusOf } from './cluster-errors.ts';

export interface History {
  namespace: string;
  labelSelector: string;
  /** The `resourceVersion` of a list: what changed after it. */
  version: string;
}

/** The least that an API server takes. What it has kept it sends at once. */
const timeoutSeconds = 1;
/** The server keeps changes for minutes; what is older it says so. */
const forgotten = 410;

/**
 * The pods as each change since has left them, oldest first, and those that are gone as they were last. Undefined where the API server does not
 * remember so far back.
 */
export async function podChanges(
  cluster: ClusterConnection,
  { namespace, labelSelector, version }: History,
): Promise<V1Pod[] | undefined> {
  const asked = { namespace, labelSelector, resourceVersion: version, watch: true, timeoutSeconds };
  return cluster.call(`read what has changed of the pods of ${namespace}`, async () => {
    try {
      const { items } = await cluster.core.listNamespacedPod(asked, { middleware: [asList] });
      return items;
    } catch (error) {
      if (statusOf(error) === forgotten) return undefined;
      throw error;
    }
  });
}

/** The client library reads lists and no watches: a watch that has ended becomes the list of what it has told. */
const asList: ObservableMiddleware = {
  pre: (request) => new Observable(Promise.resolve(request)),
  post: (response) => new Observable(listOf(response)),
};

interface Told {
  type: string;
  object: { code?: number; message?: string };
}

async function listOf(response: ResponseContext): Promise<ResponseContext> {
  if (response.httpStatusCode !== 200) return response;
  const { headers } = response;
  const lines = (await response.body.text()).split('\n').filter((line) => line !== '');
  const told = lines.map((line) => JSON.parse(line) as Told);
  const error = told.find(({ type }) => type === 'ERROR')?.object;
  if (error) throw new ApiException(error.code ?? 500, error.message ?? '', error, headers);
  const text = JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: told.map(({ object }) => object) });
  const body = Buffer.from(text);
  return new ResponseContext(200, headers, {
    text: () => Promise.resolve(text),
    binary: () => Promise.resolve(body),
    stream: () => null,
  });
}
