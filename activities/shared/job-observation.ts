import type { V1Job, V1Pod, V1PodList } from '@kubernetes/client-node';
import type { ClusterConnection } from './cluster-connection.ts';
import { podChanges } from './cluster-history.ts';
import { readLog, type LogRequest } from './cluster-logs.ts';
import { recentWarnings } from './cluster-warnings.ts';
import { mayHaveRun } from './job-beginning.ts';
import { judgeJob } from './job-verdict.ts';
import type { ClusterJob, JobObservation } from './job.ts';

const logBytes = 8_192;
/** The latest warnings that are told of what has not begun: the cause of a pull, say, and that it is tried again. */
const mostWarnings = 3;

/** What is told of a log, once its container has ended. `log`: where it is, and how much of its end is told. */
export type ReadLog = (
  cluster: ClusterConnection,
  log: LogRequest,
  state: 'succeeded' | 'failed',
) => Promise<{ log: string; cut?: true }>;

export const readEnd: ReadLog = async (cluster, log) => ({ log: await readLog(cluster, log) });

export interface Observing {
  container: string;
  /** The API server's clock (ms). */
  at: number;
  read: ReadLog;
}

export async function observeJob(
  cluster: ClusterConnection,
  asked: ClusterJob,
  job: V1Job,
  { container, at, read }: Observing,
): Promise<JobObservation> {
  const { namespace, timeoutMs } = asked;
  const { pods, version } = await podsOf(cluster, asked, job);
  const verdict = judgeJob({ job, pods, timeoutMs, at, container });
  const warnings = async (): Promise<string[]> =>
    (
      await recentWarnings(
        cluster,
        namespace,
        [...pods, job].map(({ metadata }) => metadata),
      )
    ).slice(0, mostWarnings);

  const uid = job.metadata?.uid ?? '';
  if (verdict.state === 'running') {
    if (pods.length > 0 || verdict.removing) return { ...verdict, version, uid };
    const [warning] = await warnings();
    return { ...verdict, version, uid, message: [verdict.message, warning].filter(Boolean).join('; ') };
  }
  const { pod, ...told } = { ...verdict, uid };
  const said =
    pod === undefined
      ? { log: '', ...(pods.length === 0 && { podGone: true as const }) }
      : await read(cluster, { namespace, pod, container, previous: false, maxBytes: logBytes }, told.state);
  if (told.state === 'succeeded') return { ...told, ...said };
  if (told.begun) return { ...told, ...said, version };
  return { ...told, version, reason: [told.reason, ...(await warnings())].join('; '), ...said };
}

/** A look at a Job that is not there. */
export async function observeNone(cluster: ClusterConnection, asked: ClusterJob): Promise<JobObservation> {
  const { metadata } = await podsNamed(cluster, asked);
  return { state: 'missing', version: metadata?.resourceVersion ?? '' };
}

async function podsOf(
  cluster: ClusterConnection,
  asked: ClusterJob,
  job: V1Job,
): Promise<{ pods: V1Pod[]; version: string }> {
  const { items, metadata } = await podsNamed(cluster, asked);
  const pods = items.filter((pod) => pod.metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid));
  return { pods, version: metadata?.resourceVersion ?? '' };
}

function podsNamed(cluster: ClusterConnection, { namespace, name }: ClusterJob): Promise<V1PodList> {
  return cluster.call(`list pods of Job ${namespace}/${name}`, () =>
    cluster.core.listNamespacedPod({ namespace, labelSelector: podsLabel(name) }),
  );
}

/**
 * Whether a pod of that name may have run since. Each change of a pod is in the cluster's history with the pod as it was then, and its removal
 * with the pod as it was last: the kubelet writes down what has run before it lets go of a pod. A Job is gone only after the API server has told
 * the garbage collector that its pods are.
 */
export async function beganSince(
  cluster: ClusterConnection,
  { namespace, name }: ClusterJob,
  { version, container }: { version: string; container: string },
): Promise<boolean> {
  const changes = await podChanges(cluster, { namespace, labelSelector: podsLabel(name), version });
  return changes === undefined || changes.some((pod) => mayHaveRun(pod, container));
}

function podsLabel(job: string): string {
  return `job-name=${job}`;
}
