import type { ClusterConnection } from './cluster-connection.ts';
import { statusOf } from './cluster-errors.ts';
import { redact, redactedTail } from './redact.ts';

export interface LogRequest {
  namespace: string;
  pod: string;
  container: string;
  /** The container's run before the present one. */
  previous: boolean;
  maxBytes: number;
}

/** The API server cuts `limitBytes` from the beginning of what it would send, so this is only a guard against endless lines. */
const guardBytes = 1_048_576;
const maxLines = 500;
/** The kubelet's answer, with status 200, for a container that it has just removed. Not a word of it is the container's. */
const removed = /^unable to retrieve container logs for \S+\s*$/;

/** The end of a container's log, redacted. Empty when the container has not run, or nobody kept its log. */
export async function readLog(cluster: ClusterConnection, request: LogRequest): Promise<string> {
  return redactedTail(await read(cluster, request, { tailLines: maxLines, limitBytes: guardBytes }), request.maxBytes);
}

/** A container's log from its beginning, redacted, and whether it goes on after `maxBytes`. Empty as above. */
export async function readWholeLog(
  cluster: ClusterConnection,
  request: LogRequest,
): Promise<{ text: string; cut: boolean }> {
  const { text, cut } = await readRawLog(cluster, request);
  return { text: redact(text), cut };
}

/** The same with whatever secrets are in it, for who reads what has a form, which would be lost: nothing of it may be kept or told as it is. */
export async function readRawLog(
  cluster: ClusterConnection,
  request: LogRequest,
): Promise<{ text: string; cut: boolean }> {
  const text = await read(cluster, request, { limitBytes: request.maxBytes + 1 });
  return { text, cut: Buffer.byteLength(text, 'utf8') > request.maxBytes };
}

async function read(
  cluster: ClusterConnection,
  { namespace, pod, container, previous }: LogRequest,
  limits: { tailLines?: number; limitBytes: number },
): Promise<string> {
  const text = await cluster.call(`read the log of ${namespace}/${pod}/${container}`, async () => {
    try {
      return await cluster.core.readNamespacedPodLog({ name: pod, namespace, container, previous, ...limits });
    } catch (error) {
      // 400: the container waits to start, or has no previous run.
      const status = statusOf(error);
      if (status === 400 || status === 404) return '';
      throw error;
    }
  });
  return text === undefined || removed.test(text) ? '' : text;
}
