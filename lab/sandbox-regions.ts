import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { shortDigest } from '../domain/images.ts';
import { originOf } from './image-origin.ts';
import type { OriginOf } from './image-origin.ts';
import { pulledImages } from './pulled-images.ts';
import type { LabRegions } from './regions.ts';
import { startSandboxRegion } from './sandbox/region.ts';
import type { Effect, ImageBehaviour, SandboxRegion } from './sandbox/region.ts';
import { shopBehaviour } from './shop/behaviour.ts';
import { counted, countPushes, countStatements } from './shop/effects.ts';
import { makeShopRepository } from './shop/make-repository.ts';
import { runShopMigration } from './shop/migrate.ts';
import { shop, shopComponents } from './shop/pipeline-file.ts';
import type { PipelineFileOptions, ShopComponent } from './shop/pipeline-file.ts';
import { appliedMigrations, readRunning } from './shop/read-back.ts';
import type { LabRegion, Services } from './world.ts';

export interface SandboxShop extends LabRegion {
  sandbox: SandboxRegion;
  urls: Record<ShopComponent, string>;
}

/** One simulated region that runs the shop: its pods do what the files say that their image was built from. */
export async function startSandboxShop(options: {
  name: string;
  directory: string;
  /** The shop's git repository; made after the regions, whose addresses it names. */
  repository: () => string;
  originOf: OriginOf;
  databaseUrl: string;
  speed?: number;
}): Promise<SandboxShop> {
  const { name, repository, originOf } = options;
  const pulled = pulledImages(async (image) => {
    const origin = await originOf(image);
    return origin && { origin, behaviour: await shopBehaviour({ ...origin, repository: repository(), region: name }) };
  });
  const directory = join(options.directory, name);
  await mkdir(directory, { recursive: true });
  const sandbox = await startSandboxRegion({
    name,
    directory,
    ...(options.speed && { speed: options.speed }),
    images: (image) => {
      if (image === firstImage) return welcome;
      const seen = pulled(image);
      return seen.kind === 'pulled' ? seen.what.behaviour : seen.kind === 'pulling' ? undefined : seen;
    },
    runJob: async ({ image, command, env, signal }) => {
      const seen = pulled(image);
      if (seen.kind !== 'pulled') return { exitCode: 125, log: `${image} is not in the registry\n` };
      return runShopMigration({
        repository: repository(),
        commit: seen.what.origin.commit,
        purpose: command[1],
        databaseUrl: env['DATABASE_URL'],
        signal,
      });
    },
  });
  await sandbox.createSecret(shop.namespace, shop.databaseSecret, { DATABASE_URL: options.databaseUrl });
  for (const component of shopComponents) {
    await sandbox.createDeployment(shop.namespace, { name: component, image: firstImage, replicas: 2 });
  }
  const urls = Object.fromEntries(shopComponents.map((c) => [c, `${sandbox.serve}/${shop.namespace}/${c}`])) as Record<
    ShopComponent,
    string
  >;
  return { name, kubeconfig: sandbox.kubeconfig, sandbox, urls };
}

export interface SandboxRegions extends LabRegions {
  shops: SandboxShop[];
}

/** Two simulated regions, and the shop's repository that names their addresses. */
export async function startSandboxRegions(options: {
  directory: string;
  services: Pick<Services, 'registry' | 'postgres'>;
  /** Base image of the shop's Dockerfiles. */
  base: string;
  tests: boolean;
  bake: string;
  onFailure?: PipelineFileOptions['onFailure'];
  /** ms from a pod's creation until it is ready; quick enough to watch where nothing is said. */
  speed?: number;
  names?: readonly string[];
}): Promise<SandboxRegions> {
  const { directory, services, base, tests, bake, onFailure, speed = podMillis, names = ['de', 'nl'] } = options;
  let repository = '';
  const databaseUrl = services.postgres.url('shop');
  const started = await Promise.allSettled(
    names.map((name) =>
      startSandboxShop({ name, directory, repository: () => repository, originOf, databaseUrl, speed }),
    ),
  );
  const shops = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => void (await Promise.all(shops.map(({ sandbox }) => sandbox.stop())));
  try {
    const failed = started.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    const regions = shops.map(({ name, urls }) => ({ name, cluster: `lab-${name}`, urls }));
    const made = await makeShopRepository({
      directory: join(directory, 'shop'),
      base,
      tests,
      bake,
      regions,
      ...(onFailure && { onFailure }),
    });
    repository = made.path;
    return {
      kind: 'sandbox',
      shops,
      regions: shops,
      repository,
      commits: made.commits,
      runs: async () => (await Promise.all(shops.map(({ name, sandbox }) => readRunning(name, sandbox.server)))).flat(),
      effects: async () => [
        ...(await countPushes(services.registry.logFile)),
        ...(await countStatements(services.postgres.logFile, 'shop')),
        ...shops.flatMap(({ name, sandbox }) => counted(`region ${name}`, effectTexts(sandbox.effects()))),
      ],
      migrations: () => appliedMigrations(databaseUrl),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** In words that tell a first change from one that takes it back, and from one that leaves the image as it is. */
function effectTexts(effects: readonly Effect[]): string[] {
  const images = new Map<string, string[]>();
  return effects.map(({ verb, kind, name, image }) => {
    if (kind === 'Job') return `Job ${name} ${verb === 'delete' ? 'deleted' : 'created'}`;
    if (kind !== 'Deployment' || !image) return `${kind} ${name}: ${verb}`;
    const before = images.get(name) ?? [];
    images.set(name, [...before, image]);
    if (before.at(-1) === image) return `annotation of ${name} written, its image unchanged`;
    return `Deployment ${name} set ${before.includes(image) ? 'back ' : ''}to ${shortDigest(image)}`;
  });
}

/** From a pod's creation until it is ready: quick enough to watch, slow enough to see. */
const podMillis = 180;

/** What the Deployments run before their first release, as a platform team would have set them up. */
const firstImage = `lab/welcome@sha256:${'0'.repeat(64)}`;
const welcome: ImageBehaviour = { kind: 'runs', answer: () => ({ status: 200, body: 'nothing is released yet\n' }) };
