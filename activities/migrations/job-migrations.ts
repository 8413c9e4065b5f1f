import type { HttpInfo, V1Job } from '@kubernetes/client-node';
import { failure } from '../../domain/errors/catalogue.ts';
import { serverTime, type ClusterConnection } from '../shared/cluster-connection.ts';
import { statusOf } from '../shared/cluster-errors.ts';
import type { Clusters } from '../shared/clusters.ts';
import { hashAnnotation, jobBody, jobHash, lookAnnotation } from './job-body.ts';
import { refuseBorrowing, type Lender } from './job-borrowing.ts';
import { lookAtNeeds } from './job-needs.ts';
import { beganSince, observeJob, observeNone } from './job-observation.ts';
import type { MigrationJob, MigrationJobs } from './port.ts';

/**
 * Migrations as Kubernetes Jobs. A Job that is told `failed` for what its pod waits for (an image that cannot be pulled) may still
 * start later: whoever gives it up removes it. `now` replaces a missing server clock (ms).
 */
export function createMigrationJobs({
  clusters,
  now = Date.now,
}: {
  clusters: Clusters;
  now?: () => number;
}): MigrationJobs {
  return {
    look: async (needs) => lookAtNeeds(await clusters.connect(needs.cluster), needs),
    async start(job) {
      const cluster = await clusters.connect(job.cluster);
      if (await adopts(cluster, job)) return { adopted: true };
      if (job.alone) await confirmAlone(cluster, job);
      const body = jobBody(job, await borrowed(cluster, job));
      if (await create(cluster, job, body)) return { adopted: false };
      if (await adopts(cluster, job)) return { adopted: true };
      // It was there for the create and gone for the look.
      throw failure('SLIP-MIG-4', nameOf(job));
    },
    async observe(job, { wholeLogBytes } = {}) {
      const cluster = await clusters.connect(job.cluster);
      const found = await find(cluster, job);
      if (!found || isLookOfOthers(found.data, job)) return observeNone(cluster, job);
      confirmSame(found.data, job);
      return observeJob(cluster, job, found.data, { at: serverTime(found.headers) ?? now(), wholeLogBytes });
    },
    async remove(job) {
      await remove(await clusters.connect(job.cluster), job);
    },
    async mayHaveBegunSince(job, version) {
      return beganSince(await clusters.connect(job.cluster), job, version);
    },
  };
}

/** Whether the Job is there already, and is this one. */
async function adopts(cluster: ClusterConnection, job: MigrationJob): Promise<boolean> {
  const found = await find(cluster, job);
  if (!found) return false;
  if (found.data.metadata?.deletionTimestamp) throw failure('SLIP-MIG-4', nameOf(job));
  confirmSame(found.data, job);
  if (!isLookOfOthers(found.data, job)) return true;
  await remove(cluster, job);
  throw failure('SLIP-MIG-4', nameOf(job));
}

function isLookOfOthers({ metadata }: V1Job, { lookOf }: MigrationJob): boolean {
  return metadata?.annotations?.[lookAnnotation] !== lookOf;
}

/** In the foreground: the Job's name stays taken until its pod is really gone. */
async function remove(cluster: ClusterConnection, job: MigrationJob): Promise<void> {
  const parameters = { name: job.name, namespace: job.namespace, propagationPolicy: 'Foreground' };
  await cluster.find(`remove ${nameOf(job)}`, () => cluster.batch.deleteNamespacedJob(parameters));
}

/**
 * A run that was ended from outside may have left its Job behind at work, and whoever cleared the hold cannot know. One that is being
 * removed counts too: its pod may still be there.
 */
async function confirmAlone(cluster: ClusterConnection, { namespace, name, labels }: MigrationJob): Promise<void> {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const { items } = await cluster.call(`list Jobs of ${namespace}`, () =>
    cluster.batch.listNamespacedJob({ namespace, labelSelector }),
  );
  const other = items.find((one) => one.metadata?.name !== name && !hasEnded(one));
  if (other) throw failure('SLIP-MIG-11', `Job ${namespace}/${other.metadata?.name ?? ''}`);
}

function hasEnded({ status }: V1Job): boolean {
  return (status?.conditions ?? []).some(({ type, status: is }) => is === 'True' && /^(Complete|Failed)$/.test(type));
}

/** False when the name is taken: somebody else, or an earlier try of ours whose answer got lost, was faster. */
async function create(cluster: ClusterConnection, job: MigrationJob, body: V1Job): Promise<boolean> {
  return cluster.call(`create ${nameOf(job)}`, async () => {
    try {
      await cluster.batch.createNamespacedJob({ namespace: job.namespace, body, fieldManager: 'slipway' });
      return true;
    } catch (error) {
      if (statusOf(error) === 409) return false;
      throw error;
    }
  });
}

function find(cluster: ClusterConnection, job: MigrationJob): Promise<HttpInfo<V1Job> | undefined> {
  return cluster.find(`read ${nameOf(job)}`, () =>
    cluster.batch.readNamespacedJobWithHttpInfo({ name: job.name, namespace: job.namespace }),
  );
}

function confirmSame(found: V1Job, job: MigrationJob): void {
  const theirs = found.metadata?.annotations?.[hashAnnotation];
  if (theirs !== jobHash(job))
    throw failure('SLIP-MIG-2', `${nameOf(job)} has ${theirs ?? 'no hash of ours'}, wanted ${jobHash(job)}`);
}

async function borrowed(cluster: ClusterConnection, job: MigrationJob): Promise<Lender | undefined> {
  const like = job.like;
  if (!like) return undefined;
  const what = `Deployment ${job.namespace}/${like.deployment}`;
  const found = await cluster.find(`read ${what}`, () =>
    cluster.apps.readNamespacedDeployment({ name: like.deployment, namespace: job.namespace }),
  );
  const pod = found?.spec?.template.spec;
  if (!pod) throw failure('SLIP-MIG-3', `${what} does not exist`);
  const container = pod.containers.find((one) => one.name === like.container);
  if (!container) throw failure('SLIP-MIG-3', `${what} has no container ${like.container}`);
  const refused = refuseBorrowing(job, { pod, container });
  if (refused !== undefined) throw failure('SLIP-MIG-17', `${nameOf(job)}: ${refused}`);
  return { pod, container };
}

function nameOf(job: MigrationJob): string {
  return `Job ${job.namespace}/${job.name}`;
}
