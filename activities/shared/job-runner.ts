import type { HttpInfo, V1Job } from '@kubernetes/client-node';
import { failure } from '../../domain/errors/catalogue.ts';
import { serverTime, type ClusterConnection } from './cluster-connection.ts';
import { statusOf } from './cluster-errors.ts';
import type { Clusters } from './clusters.ts';
import { hashAnnotation, jobBody, jobHash, lookAnnotation } from './job-body.ts';
import { refuseBorrowing, type Lender } from './job-borrowing.ts';
import { beganSince, observeJob, observeNone, type ReadLog } from './job-observation.ts';
import { variablesOfOurs } from './managed-fields.ts';
import { jobInWords, type ClusterJob, type JobKind, type JobObservation } from './job.ts';

export interface JobRunner {
  /** Creates the Job or adopts it; `before` is asked first of one that is not there, and may refuse by throwing. */
  start(job: ClusterJob, before?: (cluster: ClusterConnection) => Promise<void>): Promise<{ adopted: boolean }>;
  observe(job: ClusterJob, read: ReadLog): Promise<JobObservation>;
  /** In the foreground: the Job's name stays taken until its pod is really gone. `uid`: that one alone. Missing is fine. */
  remove(job: ClusterJob, uid?: string): Promise<void>;
  mayHaveBegunSince(job: ClusterJob, version: string): Promise<boolean>;
}

/**
 * Jobs of one kind. A Job that is told `failed` for what its pod waits for (an image that cannot be pulled) may still start later: whoever
 * gives it up removes it. `now` replaces a missing server clock (ms). Throws the codes of the kind, and SLIP-K8S-… of the cluster.
 */
export function createJobRunner(
  kind: JobKind,
  { clusters, now = Date.now }: { clusters: Clusters; now?: (() => number) | undefined },
): JobRunner {
  const { container } = kind;
  return {
    async start(job, before) {
      const cluster = await clusters.connect(job.cluster);
      if (await adopts(cluster, job, kind)) return { adopted: true };
      await before?.(cluster);
      const body = jobBody(job, kind, await borrowed(cluster, job, kind));
      if (await create(cluster, job, body)) return { adopted: false };
      if (await adopts(cluster, job, kind)) return { adopted: true };
      // It was there for the create and gone for the look.
      throw failure(kind.codes.leaving, jobInWords(job));
    },
    async observe(job, read) {
      const cluster = await clusters.connect(job.cluster);
      const found = await find(cluster, job);
      if (!found || isLookOfOthers(found.data, job)) return observeNone(cluster, job);
      confirmSame(found.data, job, kind);
      return observeJob(cluster, job, found.data, { container, at: serverTime(found.headers) ?? now(), read });
    },
    async remove(job, uid) {
      await remove(await clusters.connect(job.cluster), job, uid);
    },
    async mayHaveBegunSince(job, version) {
      return beganSince(await clusters.connect(job.cluster), job, { version, container });
    },
  };
}

/** Whether the Job is there already, and is this one. */
async function adopts(cluster: ClusterConnection, job: ClusterJob, kind: JobKind): Promise<boolean> {
  const found = await find(cluster, job);
  if (!found) return false;
  if (found.data.metadata?.deletionTimestamp) throw failure(kind.codes.leaving, jobInWords(job));
  confirmSame(found.data, job, kind);
  if (!isLookOfOthers(found.data, job)) return true;
  await remove(cluster, job);
  throw failure(kind.codes.leaving, jobInWords(job));
}

function isLookOfOthers({ metadata }: V1Job, { lookOf }: ClusterJob): boolean {
  return metadata?.annotations?.[lookAnnotation] !== lookOf;
}

async function remove(cluster: ClusterConnection, { name, namespace }: ClusterJob, uid?: string): Promise<void> {
  const body = { propagationPolicy: 'Foreground', ...(uid !== undefined && { preconditions: { uid } }) };
  await cluster.find(`remove ${jobInWords({ name, namespace })}`, async () => {
    try {
      await cluster.batch.deleteNamespacedJob({ name, namespace, body });
    } catch (error) {
      // That one is gone, and another has its name.
      if (uid === undefined || statusOf(error) !== 409) throw error;
    }
  });
}

/** False when the name is taken: somebody else, or an earlier try of ours whose answer got lost, was faster. */
async function create(cluster: ClusterConnection, job: ClusterJob, body: V1Job): Promise<boolean> {
  return cluster.call(`create ${jobInWords(job)}`, async () => {
    try {
      await cluster.batch.createNamespacedJob({ namespace: job.namespace, body, fieldManager: 'slipway' });
      return true;
    } catch (error) {
      if (statusOf(error) === 409) return false;
      throw error;
    }
  });
}

function find(cluster: ClusterConnection, job: ClusterJob): Promise<HttpInfo<V1Job> | undefined> {
  return cluster.find(`read ${jobInWords(job)}`, () =>
    cluster.batch.readNamespacedJobWithHttpInfo({ name: job.name, namespace: job.namespace }),
  );
}

function confirmSame(found: V1Job, job: ClusterJob, { codes }: JobKind): void {
  const theirs = found.metadata?.annotations?.[hashAnnotation];
  if (theirs !== jobHash(job))
    throw failure(codes.other, `${jobInWords(job)} has ${theirs ?? 'no hash of ours'}, wanted ${jobHash(job)}`);
}

async function borrowed(cluster: ClusterConnection, job: ClusterJob, { codes }: JobKind): Promise<Lender | undefined> {
  const like = job.like;
  if (!like) return undefined;
  const what = `Deployment ${job.namespace}/${like.deployment}`;
  const found = await cluster.find(`read ${what}`, () =>
    cluster.apps.readNamespacedDeployment({ name: like.deployment, namespace: job.namespace }),
  );
  const pod = found?.spec?.template.spec;
  if (!pod) throw failure(codes.like, `${what} does not exist`);
  const container = pod.containers.find((one) => one.name === like.container);
  if (!container) throw failure(codes.like, `${what} has no container ${like.container}`);
  const refused = refuseBorrowing(job, { pod, container });
  if (refused !== undefined) throw failure(codes.borrowing, `${jobInWords(job)}: ${refused}`);
  return { pod, container, ours: variablesOfOurs(found, like.container) };
}
