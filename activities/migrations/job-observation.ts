import type { V1Job, V1JobCondition, V1Pod } from '@kubernetes/client-node';
import type { PodObservation } from '../../domain/rollout-observation.ts';
import { hindrance } from '../../domain/rollout-hindrance.ts';
import { doomOf } from '../../domain/rollout-pods.ts';
import type { ClusterConnection } from '../shared/cluster-connection.ts';
import { readLog, readWholeLog } from '../shared/cluster-logs.ts';
import { clean, podObservation } from '../shared/cluster-pods.ts';
import { recentWarnings } from '../shared/cluster-warnings.ts';
import { containerName } from './job-body.ts';
import type { JobObservation, MigrationJob } from './port.ts';

const logBytes = 8_192;

/** `at` is the API server's clock (ms). */
export async function observeJob(
  cluster: ClusterConnection,
  asked: MigrationJob,
  found: V1Job,
  { at, wholeLogBytes }: { at: number; wholeLogBytes: number | undefined },
): Promise<JobObservation> {
  if (found.metadata?.deletionTimestamp)
    return { state: 'running', message: 'the Job is being removed', removing: true };
  const pod = await latestPod(cluster, asked, found);
  const seen = pod && podObservation(pod);
  const log = (): Promise<string> =>
    seen && hasRun(seen) ? readLog(cluster, logOf(asked, seen)) : Promise.resolve('');

  if (conditionOf(found, 'Complete')) {
    if (!seen || wholeLogBytes === undefined) return { state: 'succeeded', log: await log() };
    const { text, cut } = await readWholeLog(cluster, { ...logOf(asked, seen), maxBytes: wholeLogBytes });
    return { state: 'succeeded', log: text, ...(cut && { cut }) };
  }
  const failure = conditionOf(found, 'Failed');
  if (failure) {
    const reason = reasonOf(failure, seen);
    return { state: 'failed', reason, log: await log(), begun: true, ...exitCodeOf(seen) };
  }
  const doom = seen && doomOf(seen, at);
  // A pod that has ended is the Job controller's to judge: it may know of a disruption.
  if (doom && seen.phase !== 'Failed') {
    const reason = `${doom.reason}: ${doom.message}`;
    return { state: 'failed', reason, log: await log(), begun: hasRun(seen), ...exitCodeOf(seen) };
  }
  if (seen)
    return { state: 'running', message: hindrance(seen, at) ?? `pod ${seen.name} is ${seen.phase.toLowerCase()}` };
  const [warning] = await recentWarnings(cluster, asked.namespace, [found.metadata]);
  return { state: 'running', message: ['the Job has no pod yet', warning].filter(Boolean).join('; ') };
}

async function latestPod(cluster: ClusterConnection, asked: MigrationJob, found: V1Job): Promise<V1Pod | undefined> {
  const { namespace, name } = asked;
  const pods = await cluster.call(`list pods of Job ${namespace}/${name}`, () =>
    cluster.core.listNamespacedPod({ namespace, labelSelector: `job-name=${name}` }),
  );
  const own = pods.items.filter((pod) =>
    pod.metadata?.ownerReferences?.some((owner) => owner.uid === found.metadata?.uid),
  );
  return own.sort((a, b) => createdAt(b) - createdAt(a))[0];
}

function createdAt(pod: V1Pod): number {
  return pod.metadata?.creationTimestamp?.getTime() ?? 0;
}

function conditionOf(job: V1Job, type: string): V1JobCondition | undefined {
  return job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

function logOf({ namespace }: MigrationJob, pod: PodObservation): Parameters<typeof readLog>[1] {
  return { namespace, pod: pod.name, container: containerName, previous: false, maxBytes: logBytes };
}

function hasRun(pod: PodObservation): boolean {
  return pod.containers.some((container) => container.name === containerName && container.state !== 'waiting');
}

function exitCodeOf(pod: PodObservation | undefined): { exitCode?: number } {
  const exitCode = pod?.containers.find((container) => container.name === containerName)?.exitCode;
  return exitCode === undefined ? {} : { exitCode };
}

function reasonOf(condition: V1JobCondition, pod: PodObservation | undefined): string {
  const ended = pod?.containers.find(
    (container) => container.name === containerName && container.state === 'terminated',
  );
  const parts = [condition.reason, clean(condition.message), ended && `${ended.reason} ${clean(ended.message)}`.trim()];
  return parts.filter(Boolean).join(': ');
}
