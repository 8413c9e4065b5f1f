import type { V1Job } from '@kubernetes/client-node';
import { failure } from '../../domain/errors/catalogue.ts';
import type { ClusterConnection } from '../shared/cluster-connection.ts';
import { readWholeLog } from '../shared/cluster-logs.ts';
import type { Clusters } from '../shared/clusters.ts';
import { readEnd, type ReadLog } from '../shared/job-observation.ts';
import { createJobRunner } from '../shared/job-runner.ts';
import type { JobKind } from '../shared/job.ts';
import { lookAtNeeds } from './job-needs.ts';
import type { MigrationJob, MigrationJobs } from './port.ts';

export const migrationKind: JobKind = {
  container: 'migration',
  codes: { other: 'SLIP-MIG-2', like: 'SLIP-MIG-3', leaving: 'SLIP-MIG-4', borrowing: 'SLIP-MIG-17' },
};

/** Migrations as Kubernetes Jobs; see the runner of Jobs. */
export function createMigrationJobs({ clusters, now }: { clusters: Clusters; now?: () => number }): MigrationJobs {
  const { start, observe, remove, mayHaveBegunSince } = createJobRunner(migrationKind, { clusters, now });
  return {
    look: async (needs) => lookAtNeeds(await clusters.connect(needs.cluster), needs),
    start: (job) => start(job, job.alone ? (cluster) => confirmAlone(cluster, job) : undefined),
    observe: (job, { wholeLogBytes } = {}) =>
      observe(job, wholeLogBytes === undefined ? readEnd : readWhole(wholeLogBytes)),
    remove,
    mayHaveBegunSince,
  };
}

function readWhole(maxBytes: number): ReadLog {
  return async (cluster, log, state) => {
    if (state === 'failed') return readEnd(cluster, log, state);
    const { text, cut } = await readWholeLog(cluster, { ...log, maxBytes });
    return { log: text, ...(cut && { cut }) };
  };
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
