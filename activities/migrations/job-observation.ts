import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { ClusterConnection } from '../shared/cluster-connection.ts';
import { readLog, readWholeLog } from '../shared/cluster-logs.ts';
import { recentWarnings } from '../shared/cluster-warnings.ts';
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
  const pods = await podsOf(cluster, asked, job);
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
    if (pods.length > 0 || verdict.removing) return verdict;
    const [warning] = await warnings();
    return { ...verdict, message: [verdict.message, warning].filter(Boolean).join('; ') };
  }
  const { pod, ...told } = verdict;
  if (told.state === 'succeeded' && pod !== undefined && wholeLogBytes !== undefined) {
    const { text, cut } = await readWholeLog(cluster, { ...logOf(asked, pod), maxBytes: wholeLogBytes });
    return { ...told, log: text, ...(cut && { cut }) };
  }
  const log = pod === undefined ? '' : await readLog(cluster, logOf(asked, pod));
  if (told.state === 'succeeded' || told.begun) return { ...told, log };
  return { ...told, reason: [told.reason, ...(await warnings())].join('; '), log };
}

async function podsOf(cluster: ClusterConnection, { namespace, name }: MigrationJob, job: V1Job): Promise<V1Pod[]> {
  const { items } = await cluster.call(`list pods of Job ${namespace}/${name}`, () =>
    cluster.core.listNamespacedPod({ namespace, labelSelector: `job-name=${name}` }),
  );
  return items.filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid));
}

function logOf({ namespace }: MigrationJob, pod: string): Parameters<typeof readLog>[1] {
  return { namespace, pod, container: containerName, previous: false, maxBytes: logBytes };
}
