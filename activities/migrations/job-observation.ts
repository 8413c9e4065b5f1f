import type { V1Job, V1Pod, V1PodList } from '@kubernetes/client-node';
import type { ClusterConnection } from '../shared/cluster-connection.ts';
import { podChanges } from '../shared/cluster-history.ts';
import { readLog, readWholeLog } from '../shared/cluster-logs.ts';
import { recentWarnings } from '../shared/cluster-warnings.ts';
import { mayHaveRun } from './job-beginning.ts';
import { containerName } from './job-body.ts';
import { judgeJob } from './job-verdict.ts';
import type { JobObservation, MigrationJob } from './port.ts';

const logBytes = 8_192;
/** The latest warnings that are told of what has not begun: the cause of a pull, say, and that it is tried again. */
const mostWarnings = 3;

/** `at` is the API server's clock (ms). */
export async function observeJob(
  cluster: ClusterConnection,
  asked: MigrationJob,
  job: V1Job,
  { at, wholeLogBytes }: { at: number; wholeLogBytes: number | undefined },
): Promise<JobObservation> {
  const { namespace, timeoutMs } = asked;
  const { pods, version } = await podsOf(cluster, asked, job);
  const verdict = judgeJob({ job, pods, timeoutMs, at });
  const warnings = async (): Promise<string[]> =>
    (
      await recentWarnings(
        cluster,
        namespace,
        [...pods, job].map(({ metadata }) => metadata),
      )
    ).slice(0, mostWarnings);

  if (verdict.state === 'running') {
    if (pods.length > 0 || verdict.removing) return { ...verdict, version };
    const [warning] = await warnings();
    return { ...verdict, version, message: [verdict.message, warning].filter(Boolean).join('; ') };
  }
  const { pod, ...told } = verdict;
  if (told.state === 'succeeded' && pod !== undefined && wholeLogBytes !== undefined) {
    const { text, cut } = await readWholeLog(cluster, { ...logOf(asked, pod), maxBytes: wholeLogBytes });
    return { ...told, log: text, ...(cut && { cut }) };
  }
  const log = pod === undefined ? '' : await readLog(cluster, logOf(asked, pod));
  if (told.state === 'succeeded') return { ...told, log };
  if (told.begun) return { ...told, log, version };
  return { ...told, version, reason: [told.reason, ...(await warnings())].join('; '), log };
}

/** A look at a Job that is not there. */
export async function observeNone(cluster: ClusterConnection, asked: MigrationJob): Promise<JobObservation> {
  const { metadata } = await podsNamed(cluster, asked);
  return { state: 'missing', version: metadata?.resourceVersion ?? '' };
}

async function podsOf(
  cluster: ClusterConnection,
  asked: MigrationJob,
  job: V1Job,
): Promise<{ pods: V1Pod[]; version: string }> {
  const { items, metadata } = await podsNamed(cluster, asked);
  const pods = items.filter((pod) => pod.metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid));
  return { pods, version: metadata?.resourceVersion ?? '' };
}

function podsNamed(cluster: ClusterConnection, { namespace, name }: MigrationJob): Promise<V1PodList> {
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
  { namespace, name }: MigrationJob,
  version: string,
): Promise<boolean> {
  const changes = await podChanges(cluster, { namespace, labelSelector: podsLabel(name), version });
  return changes === undefined || changes.some(mayHaveRun);
}

function podsLabel(job: string): string {
  return `job-name=${job}`;
}

function logOf({ namespace }: MigrationJob, pod: string): Parameters<typeof readLog>[1] {
  return { namespace, pod, container: containerName, previous: false, maxBytes: logBytes };
}
