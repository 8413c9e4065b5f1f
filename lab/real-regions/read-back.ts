import pg from 'pg';
import { shortDigest } from '../../domain/images.ts';
import type { Kubectl } from '../kubernetes/kubectl.ts';
import type { CountedEffect, RunningComponent } from '../regions.ts';
import { shop } from '../shop/pipeline-file.ts';
import { runningComponents } from '../shop/read-back.ts';

interface ReplicaSet {
  metadata: { annotations?: Record<string, string>; ownerReferences?: { kind: string; name: string }[] };
  spec: { template: { spec: { containers: { image: string }[] } } };
}
interface Job {
  metadata: { name: string };
  status: { succeeded?: number; failed?: number; active?: number };
}

/** Read with kubectl, from the pods' own `imageID`. */
export async function runsIn(region: string, kubectl: Kubectl): Promise<RunningComponent[]> {
  return runningComponents(region, await kubectl.json(['get', 'pods', '-n', shop.namespace]));
}

/**
 * Counted from what the cluster's own controllers wrote down: each time that a Deployment's images were set anew is a revision, kept
 * with its ReplicaSet, also when an older one was used again; and a Job knows how many pods it has ended.
 */
export async function effectsIn(region: string, kubectl: Kubectl, firstImage: string): Promise<CountedEffect[]> {
  const where = `region ${region}`;
  const sets = await kubectl.json<{ items: ReplicaSet[] }>(['get', 'replicasets', '-n', shop.namespace]);
  const jobs = await kubectl.json<{ items: Job[] }>([
    'get',
    'jobs',
    '-n',
    shop.namespace,
    '-l',
    'slipway/purpose=apply',
  ]);
  const deployed = sets.items.flatMap(({ metadata, spec }) => {
    const image = spec.template.spec.containers[0]?.image ?? '';
    const deployment = metadata.ownerReferences?.find(({ kind }) => kind === 'Deployment')?.name;
    const earlier = metadata.annotations?.['deployment.kubernetes.io/revision-history']?.split(',').length ?? 0;
    if (!deployment || image === firstImage) return [];
    return [{ where, what: `Deployment ${deployment} set to ${shortDigest(image)}`, times: earlier + 1 }];
  });
  const migrated = jobs.items.map(({ metadata, status }) => {
    const times = (status.succeeded ?? 0) + (status.failed ?? 0) + (status.active ?? 0);
    return { where, what: `migration Job ${metadata.name} run`, times };
  });
  return [...deployed, ...migrated];
}

/** Django's own table, oldest first: `catalog.0002_product_weight`. None before the first migration. */
export async function djangoMigrations(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const table = await client.query<{ found: string | null }>("select to_regclass('django_migrations') as found");
    if (!table.rows[0]?.found) return [];
    const rows = await client.query<{ app: string; name: string }>(
      'select app, name from django_migrations order by id',
    );
    return rows.rows.map(({ app, name }) => `${app}.${name}`);
  } finally {
    await client.end();
  }
}
