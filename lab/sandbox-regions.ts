import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { shopBehaviour } from './shop/behaviour.ts';
import { runShopMigration } from './shop/migrate.ts';
import { shop, shopComponents } from './shop/pipeline-file.ts';
import type { ShopComponent } from './shop/pipeline-file.ts';
import { startSandboxRegion } from './sandbox/region.ts';
import type { ImageBehaviour, SandboxRegion } from './sandbox/region.ts';
import type { LabRegion } from './world.ts';

/** What an image of the shop was made from: its labels, as the registry has them. */
export type OriginOf = (image: string) => Promise<{ component: ShopComponent; commit: string } | undefined>;

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
  const known = new Map<string, ImageBehaviour | undefined>();
  const pull = async (image: string): Promise<void> => {
    known.set(image, undefined);
    const origin = await originOf(image).catch(() => undefined);
    known.set(image, origin ? await shopBehaviour({ ...origin, repository: repository(), region: name }) : { kind: 'not-found' });
  };
  const directory = join(options.directory, name);
  await mkdir(directory, { recursive: true });
  const sandbox = await startSandboxRegion({
    name,
    directory,
    ...(options.speed && { speed: options.speed }),
    images: (image) => {
      if (image === firstImage) return welcome;
      if (!known.has(image)) void pull(image);
      return known.get(image);
    },
    runJob: async ({ image, command, env, signal }) => {
      const origin = await originOf(image);
      if (!origin) return { exitCode: 125, log: `${image} is not in the registry\n` };
      return runShopMigration({ repository: repository(), commit: origin.commit, purpose: command[1], databaseUrl: env['DATABASE_URL'], signal });
    },
  });
  await sandbox.createSecret(shop.namespace, shop.databaseSecret, { DATABASE_URL: options.databaseUrl });
  for (const component of shopComponents) {
    await sandbox.createDeployment(shop.namespace, { name: component, image: firstImage, replicas: 2 });
  }
  const urls = Object.fromEntries(shopComponents.map((c) => [c, `${sandbox.serve}/${shop.namespace}/${c}`])) as Record<ShopComponent, string>;
  return { name, kubeconfig: sandbox.kubeconfig, sandbox, urls };
}

/** What the Deployments run before their first release, as a platform team would have set them up. */
const firstImage = `lab/welcome@sha256:${'0'.repeat(64)}`;
const welcome: ImageBehaviour = { kind: 'runs', answer: () => ({ status: 200, body: 'nothing is released yet\n' }) };
