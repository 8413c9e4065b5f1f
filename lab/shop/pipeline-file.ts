import { stringify } from 'yaml';

export interface ShopRegion {
  name: string;
  /** Name of the cluster in the operator's policy. */
  cluster: string;
  /** Where each component is reached from this machine, without a path: `http://127.0.0.1:8081`. */
  urls: Partial<Record<ShopComponent, string>>;
}

export const shopComponents = ['core', 'dashboard', 'storefront'] as const;
export type ShopComponent = (typeof shopComponents)[number];

/** The names that the Deployments, the namespace and the secret have in every region. */
export const shop = {
  service: 'shop',
  environment: 'production',
  branch: 'main',
  namespace: 'shop',
  /** Kubernetes secret that gives migrations their DATABASE_URL. */
  databaseSecret: 'shop-database',
} as const;

export interface PipelineFileOptions {
  /** Base image of the Dockerfiles. */
  base: string;
  /** In the order of their waves: the first one alone, the others together after it. */
  regions: readonly ShopRegion[];
  /** Whether integration tests are run: they need a Docker daemon. */
  tests: boolean;
  /** How long the first wave is watched, as slipway.yaml writes it. */
  bake: string;
}

/** The shop's slipway.yaml. */
export function shopPipelineFile(options: PipelineFileOptions): string {
  const [first, ...others] = options.regions;
  if (!first) throw new Error('the shop needs at least one region');
  const waves = [{ regions: [first.name], bake: options.bake }];
  if (others.length > 0) waves.push({ regions: others.map(({ name }) => name), bake: '0s' });
  return stringify(
    {
      version: 1,
      service: shop.service,
      components: Object.fromEntries(shopComponents.map((name) => [name, component(name, options.base)])),
      migrations: [migration(first.name)],
      ...(options.tests
        ? {
            tests: { compose: 'docker-compose.test.yml', service: 'smoke', reports: ['test/smoke.xml'], timeout: '5m' },
          }
        : {}),
      rollout: { timeout: '2m' },
      environments: {
        [shop.environment]: {
          branches: [shop.branch],
          regions: Object.fromEntries(options.regions.map((region) => [region.name, regionEntry(region)])),
          waves,
          onFailure: { partial: 'roll-back-all', confirm: false },
        },
      },
    },
    { aliasDuplicateObjects: false },
  );
}

function component(name: ShopComponent, base: string) {
  return {
    paths: [`${name}/`],
    ...(name === 'core' ? {} : { needs: ['core'] }),
    image: `shop/${name}`,
    build: { context: name, args: { BASE: base } },
    workloads: [{ deployment: name, containers: [name] }],
  };
}

function migration(region: string) {
  return {
    database: 'shop',
    region,
    component: 'core',
    commands: { plan: ['shop-migrate', 'plan'], apply: ['shop-migrate', 'apply'], verify: ['shop-migrate', 'verify'] },
    envFrom: [shop.databaseSecret],
    timeout: '2m',
  };
}

function regionEntry({ cluster, urls }: ShopRegion) {
  const endpoints = Object.entries(urls).map(([name, url]) => [
    name,
    { kind: 'http', url: `${url}/health/`, contains: `ok: ${name}`, successes: 2, timeout: '30s' },
  ]);
  return { cluster, namespace: shop.namespace, endpoints: Object.fromEntries(endpoints) as Record<string, unknown> };
}
