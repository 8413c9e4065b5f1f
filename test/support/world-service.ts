import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { parse, stringify } from 'yaml';
import type { ReleaseStatus, Stage } from '../../domain/contract/status.ts';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { messages } from '../../domain/contract/names.ts';
import { pushImage } from '../../lab/kubernetes/registry.ts';
import { shop, shopComponents, shopPipelineFile } from '../../lab/shop/pipeline-file.ts';
import type { ShopComponent } from '../../lab/shop/pipeline-file.ts';
import { git, regionNames } from './world-parts.ts';
import type { World } from './world.ts';
import { until } from './world-until.ts';

export interface ServiceOptions {
  name: string;
  /** `core` alone when left out. */
  components?: readonly ShopComponent[];
  /** SQL of one migration that its commit brings. None when left out. */
  migration?: string;
  /** Changes of its slipway.yaml. */
  pipeline?: (file: PipelineText) => void;
}

/** As much of slipway.yaml as tests change. */
export interface PipelineText extends Record<string, unknown> {
  environments: { production: Record<string, unknown> & { onFailure: Record<string, unknown> } };
}

/** One service with a branch, namespace, database and lane of its own. */
export interface Service {
  name: string;
  lane: { service: string; environment: string };
  components: readonly ShopComponent[];
  database: string;
  commit: string;
  /** A commit on top: with a further SQL file, or with nothing but a message. */
  commitMigration(sql: string): Promise<string>;
  commitNothing(): Promise<string>;
  /** The same with another slipway.yaml. */
  commitPipeline(change: (file: PipelineText) => void): Promise<string>;
  /** Images with digests nobody had before, which do what `source` (the service's commit, or another) says. */
  images(source?: Partial<Record<ShopComponent, string>>): Promise<Record<string, string>>;
  /** Asks for a release, of given images unless told otherwise. */
  start(options?: { commit?: string; images?: Record<string, string>; key?: string }): Promise<string>;
  status(releaseId: string): Promise<ReleaseStatus>;
  reaches(releaseId: string, stage: Stage): Promise<ReleaseStatus>;
  approve(releaseId: string): Promise<string>;
  /** Waits for the end of the run, whatever it is. */
  ends(releaseId: string): Promise<ReleaseView>;
  /** From the request to the end, approved on the way. */
  release(options?: Parameters<Service['start']>[0]): Promise<ReleaseView>;
}

type Ground = Omit<World, 'add'>;

export async function addService(world: Ground, options: ServiceOptions): Promise<Service> {
  const { name, components = ['core'] } = options;
  const database = `shop_${name.replaceAll('-', '_')}`;
  await world.services.postgres.createDatabase(database);
  const commit = await alone(world, () => makeBranch(world, options, components));
  const { core: before } = await pushAll(world, name, components, commit, {});
  for (const region of regionNames) {
    const { sandbox } = world.regions[region];
    await sandbox.createSecret(name, shop.databaseSecret, { DATABASE_URL: world.services.postgres.url(database) });
    for (const component of components)
      await sandbox.createDeployment(name, { name: component, image: before ?? '', replicas: 2 });
  }
  return serviceOf(world, { name, branch: name, components, database, commit });
}

/** What tests do with a service that is there already: the shop itself, for one. */
export function serviceOf(
  world: Ground,
  parts: Pick<Service, 'name' | 'components' | 'database' | 'commit'> & { branch: string },
): Service {
  const { name, branch, components, database, commit } = parts;
  const images = (source: Partial<Record<ShopComponent, string>> = {}, of = commit) =>
    pushAll(world, name, components, of, source);
  const handle = (id: string) => world.temporal.workflow.getHandle(id);
  const service: Service = {
    name,
    lane: { service: name, environment: shop.environment },
    components,
    database,
    commit,
    images: (source) => images(source),
    commitMigration: (sql) => alone(world, () => addMigration(world, name, sql)),
    commitNothing: () => alone(world, () => addNothing(world, name)),
    commitPipeline: (change) => alone(world, () => changePipeline(world, name, change)),
    async start({ commit: wanted = commit, images: given, key = randomUUID() } = {}) {
      const chosen = given ?? (await images({}, wanted));
      const about = { service: name, branch, commit: wanted, requestKey: key, images: chosen, newAttempt: true };
      return (await world.developer.start(about)).releaseId;
    },
    status: (releaseId) => handle(releaseId).query<ReleaseStatus>(messages.status),
    reaches: (releaseId, stage) =>
      until(
        `${releaseId} to be ${stage}`,
        async () => {
          const status = await service.status(releaseId).catch(() => undefined);
          if (status?.stage === 'done' && stage !== 'done')
            throw new Error(`${releaseId} ended instead: ${status.doing}`);
          return status?.stage === stage && status;
        },
        () => world.developer.release(releaseId).then(told, String),
      ),
    async approve(releaseId) {
      const { planHash = '' } = await service.reaches(releaseId, 'awaiting-approval');
      const decision = {
        decisionId: `approve-${randomUUID()}`,
        kind: 'approve',
        planHash,
        channel: 'test',
        reason: 'looks right',
      } as const;
      return (await world.approver.decide(releaseId, decision)).message;
    },
    async ends(releaseId) {
      await handle(releaseId)
        .result()
        .catch(() => undefined);
      return world.developer.release(releaseId);
    },
    async release(start) {
      const releaseId = await service.start(start);
      await service.approve(releaseId);
      return service.ends(releaseId);
    },
  };
  return service;
}

/** Of a release that does not get on: what people would be told. */
function told({ why, status }: ReleaseView) {
  return { stage: status?.stage, doing: status?.doing, why, failure: status?.failure, log: status?.log.slice(-8) };
}

/** One work tree: one commit at a time. */
const turns = new WeakMap<object, Promise<unknown>>();
function alone<T>(world: Ground, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(world.shop) ?? Promise.resolve()).then(work);
  turns.set(
    world.shop,
    turn.catch(() => {}),
  );
  return turn;
}

async function makeBranch(
  world: Ground,
  { name, migration, pipeline }: ServiceOptions,
  components: readonly ShopComponent[],
): Promise<string> {
  const { path, commits } = world.shop;
  await git(path, 'checkout', '--quiet', '-B', name, commits.first);
  await writeFile(join(path, 'slipway.yaml'), pipelineOf(world, name, components, migration !== undefined, pipeline));
  await git(path, 'rm', '--quiet', '-r', 'core/migrations');
  if (migration !== undefined) await writeMigration(path, 1, migration);
  // git keeps no empty directory, and the Dockerfile copies this one.
  else await mkdir(join(path, 'core/migrations')).then(() => writeFile(join(path, 'core/migrations/.keep'), ''));
  await git(path, 'add', '--all');
  await git(path, 'commit', '--quiet', '--no-verify', '--message', name);
  return git(path, 'rev-parse', 'HEAD');
}

async function addMigration({ shop: { path } }: Ground, name: string, sql: string): Promise<string> {
  await git(path, 'checkout', '--quiet', name);
  const known = (await git(path, 'ls-tree', '--name-only', 'HEAD', 'core/migrations/'))
    .split('\n')
    .filter((line) => line !== '');
  await writeMigration(path, known.length + 1, sql);
  await git(path, 'add', '--all');
  await git(path, 'commit', '--quiet', '--no-verify', '--message', `migration ${known.length + 1}`);
  return git(path, 'rev-parse', 'HEAD');
}

async function addNothing({ shop: { path } }: Ground, name: string): Promise<string> {
  await git(path, 'checkout', '--quiet', name);
  await git(path, 'commit', '--quiet', '--no-verify', '--allow-empty', '--message', 'nothing new');
  return git(path, 'rev-parse', 'HEAD');
}

async function changePipeline(world: Ground, name: string, change: (file: PipelineText) => void): Promise<string> {
  const { path } = world.shop;
  await git(path, 'checkout', '--quiet', name);
  const file = join(path, 'slipway.yaml');
  const content = parse(await readFile(file, 'utf8')) as PipelineText;
  change(content);
  await writeFile(file, stringify(content));
  await git(path, 'add', '--all');
  return addNothing(world, name);
}

async function writeMigration(path: string, n: number, sql: string): Promise<void> {
  await mkdir(join(path, 'core/migrations'), { recursive: true });
  await writeFile(join(path, `core/migrations/${String(n).padStart(4, '0')}_change.sql`), `${sql}\n`);
}

function pipelineOf(
  world: Ground,
  name: string,
  components: readonly ShopComponent[],
  migrates: boolean,
  change: (file: PipelineText) => void = () => {},
): string {
  const regions = regionNames.map((region) => {
    const urls = components.map((c) => [c, world.regions[region].urls[c].replace(`/${shop.namespace}/`, `/${name}/`)]);
    return { name: region, cluster: `lab-${region}`, urls: Object.fromEntries(urls) as Record<ShopComponent, string> };
  });
  const text = shopPipelineFile({ base: world.base, regions, tests: false, bake: '0s' });
  const file = parse(text) as PipelineText & {
    components: Record<string, { image: string }>;
    environments: { production: { branches: string[]; regions: Record<string, { namespace: string }> } };
  };
  file['service'] = name;
  for (const component of shopComponents) {
    if (!components.includes(component)) delete file.components[component];
    else file.components[component]!.image = `${name}/${component}`;
  }
  const { production } = file.environments;
  production.branches = [name];
  for (const region of Object.values(production.regions)) region.namespace = name;
  if (!migrates) delete file['migrations'];
  change(file);
  return stringify(file);
}

async function pushAll(
  world: Ground,
  name: string,
  components: readonly ShopComponent[],
  commit: string,
  source: Partial<Record<ShopComponent, string>>,
): Promise<Record<string, string>> {
  const layer = join(world.directory, 'empty-layer.tar.gz');
  // A tar without files is two blocks of zeros.
  await readFile(layer).catch(() => writeFile(layer, gzipSync(Buffer.alloc(1024))));
  const pushed = components.map(async (component) => {
    // The label says what it runs; the build number makes it an image of its own.
    const Labels = {
      'org.opencontainers.image.revision': source[component] ?? commit,
      'slipway.test/build': randomUUID(),
    };
    const config = { Cmd: ['/bin/true'], Labels };
    const repository = `${name}/${component}`;
    const tag = `build-${Labels['slipway.test/build']}`;
    const digest = await pushImage({ registry: world.services.registry.host, repository, tag, layer, config });
    return [component, `${world.registry.host}/${repository}@${digest}`];
  });
  return Object.fromEntries(await Promise.all(pushed)) as Record<string, string>;
}

export type Asking = typeof ask;

/** The same by one connection for each database, until `end`: for tests that ask hundreds of times, and let the server run. */
export function keptAsking(): { ask: Asking; end(): Promise<void> } {
  const clients = new Map<string, Promise<pg.Client>>();
  const open = async (url: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  };
  return {
    async ask<Row extends pg.QueryResultRow>(url: string, text: string, values: unknown[] = []) {
      const client = clients.get(url) ?? open(url);
      clients.set(url, client);
      return (await (await client).query<Row>(text, values)).rows;
    },
    async end() {
      for (const client of clients.values()) await (await client).end();
    },
  };
}

/** One statement on a database of the world, by a connection of its own. */
export async function ask<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
