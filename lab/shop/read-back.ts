import pg from 'pg';
import { z } from 'zod';
import { digestOf } from '../../domain/images.ts';
import type { RunningComponent } from '../regions.ts';
import { shop, shopComponents } from './pipeline-file.ts';

const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        labels: z.record(z.string(), z.string()).default({}),
        deletionTimestamp: z.string().optional(),
      }),
      status: z.object({ containerStatuses: z.array(z.object({ name: z.string(), imageID: z.string() })).default([]) }),
    }),
  ),
});

/** What a region's pods say they run, from a list of Pods as the API answers it. Pods on their way out do not count. */
export function runningComponents(region: string, answer: unknown): RunningComponent[] {
  const pods = podList.parse(answer).items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return shopComponents.map((component) => {
    const mine = pods.filter(({ metadata }) => metadata.labels['app'] === component);
    const digests = new Set(
      mine.map(({ status }) =>
        digestOf(status.containerStatuses.find(({ name }) => name === component)?.imageID ?? ''),
      ),
    );
    return { region, component, digest: digests.size === 1 ? [...digests][0] : undefined, pods: mine.length };
  });
}

/** Asks a region's API server, without credentials: for the sandbox. */
export async function readRunning(region: string, server: string): Promise<RunningComponent[]> {
  const answer = await fetch(`${server}/api/v1/namespaces/${shop.namespace}/pods`);
  if (!answer.ok) throw new Error(`the region ${region} answered ${answer.status} when asked for its pods`);
  return runningComponents(region, await answer.json());
}

/** The migrations that the shop's database says are applied, oldest first. */
export async function appliedMigrations(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 60_000 });
  await client.connect();
  try {
    const table = await client.query<{ found: string | null }>("select to_regclass('shop_migrations') as found");
    if (!table.rows[0]?.found) return [];
    const rows = await client.query<{ name: string }>('select name from shop_migrations order by name');
    return rows.rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
