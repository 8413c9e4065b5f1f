import type { ClusterConnection } from './cluster-connection.ts';
import { statusOf } from './cluster-errors.ts';
import { redactedTail } from './redact.ts';

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
  const { namespace, pod, container, previous } = request;
  const text = await cluster.call(`read the log of ${namespace}/${pod}/${container}`, async () => {
    try {
      const parameters = { name: pod, namespace, container, previous, tailLines: maxLines, limitBytes: guardBytes };
      return await cluster.core.readNamespacedPodLog(parameters);
    } catch (error) {
      // 400: the container waits to start, or has no previous run.
      const status = statusOf(error);
      if (status === 400 || status === 404) return '';
      throw error;
    }
  });
  return text === undefined || removed.test(text) ? '' : redactedTail(text, request.maxBytes);
}
