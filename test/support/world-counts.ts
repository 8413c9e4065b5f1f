import { readFile } from 'node:fs/promises';
import { regionNames } from './world-parts.ts';
import type { World } from './world.ts';
import { ask } from './world-service.ts';
import type { Asking } from './world-service.ts';
import type { Service } from './world-service.ts';

/** What the worlds' own logs say about one service: nothing the engine says about itself. */
export interface Counts {
  /** Times each image was put into each Deployment: `de core sha256:…` → n. */
  images: Record<string, number>;
  /** Jobs that were created to apply migrations, by region and name. */
  applyJobs: string[];
  /** Migrations written into the database, by name, with how often the server was told to. */
  migrations: string[];
  migrationStatements: number;
}

/** `asking`: for who counts again and again, by connections that are kept. */
export async function countsOf(world: World, { name, database }: Service, asking: Asking = ask): Promise<Counts> {
  const images: Record<string, number> = {};
  const applyJobs: string[] = [];
  for (const region of regionNames) {
    for (const effect of world.regions[region].sandbox.effects()) {
      if (effect.namespace !== name) continue;
      if (effect.kind === 'Deployment') {
        const what = `${region} ${effect.name} ${effect.image?.replace(/^.*@/, '') ?? ''}`;
        images[what] = (images[what] ?? 0) + 1;
      }
      if (effect.kind === 'Job' && effect.verb === 'create' && effect.name.startsWith('slipway-apply-'))
        applyJobs.push(`${region} ${effect.name}`);
    }
  }
  const url = world.services.postgres.url(database);
  const [table] = await asking<{ found: string | null }>(url, "select to_regclass('shop_migrations') as found");
  const rows = table?.found
    ? await asking<{ name: string }>(url, 'select name from shop_migrations order by name')
    : [];
  const log = await readFile(world.services.postgres.logFile, 'utf8');
  const written = log
    .split('\n')
    .filter((line) => line.includes(`@${database} `) && line.includes('insert into shop_migrations'));
  return { images, applyJobs, migrations: rows.map((row) => row.name), migrationStatements: written.length };
}

/** What runs now, read from the pods: `de core` → digests. */
export async function runningIn(world: World, { name, components }: Service): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const region of regionNames) {
    for (const component of components) {
      const selector = encodeURIComponent(`app=${component}`);
      const answer = await fetch(
        `${world.regions[region].sandbox.server}/api/v1/namespaces/${name}/pods?labelSelector=${selector}`,
      );
      const { items } = (await answer.json()) as {
        items: { metadata: { deletionTimestamp?: string }; status: { containerStatuses?: { imageID: string }[] } }[];
      };
      const ids = items
        .filter((p) => !p.metadata.deletionTimestamp)
        .flatMap((p) => (p.status.containerStatuses ?? []).map((c) => c.imageID.replace(/^.*@/, '')));
      found[`${region} ${component}`] = [...new Set(ids)];
    }
  }
  return found;
}

/** Manifests that were pushed or tagged in the service's repositories, as the registry's own log has them. */
export async function manifestsPut(world: World, { name }: Service): Promise<string[]> {
  const log = await readFile(world.services.registry.logFile, 'utf8');
  const lines = log.matchAll(/"PUT \/v2\/(\S+)\/manifests\/(\S+) HTTP\/1\.1" 201/g);
  return [...lines]
    .filter(([, repository]) => repository!.startsWith(`${name}/`))
    .map(([, repository, reference]) => `${repository} ${reference}`);
}

/** `host/repository@sha256:…` by component → `sha256:…` by component. */
export function digestsOf(images: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(images).map(([component, image]) => [component, image.replace(/^.*@/, '')]));
}
