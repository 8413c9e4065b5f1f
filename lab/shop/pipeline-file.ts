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
  /** Base image with Django, where containers are real: core is then a Django project, migrated by its manage.py. */
  django?: string;
  /** In the order of their waves: the first one alone, the others together after it. */
  regions: readonly ShopRegion[];
  /** Whether integration tests are run: they need a Docker daemon. */
  tests: boolean;
  /** How long the first wave is watched, as slipway.yaml writes it. */
  bake: string;
  /** What follows where one region has failed and another has not; all of it goes back where nothing is said. */
  onFailure?: 'roll-back-all' | 'hold';
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
      components: Object.fromEntries(shopComponents.map((name) => [name, component(name, options)])),
      migrations: [migration(first.name, options)],
      ...(options.tests
        ? {
            tests: { compose: 'docker-compose.test.yml', service: 'smoke', reports: ['test/smoke.xml'], timeout: '5m' },
          }
        : {}),
      // A limit, and the graces of small programs: in proportion to the limit everybody would wait for them.
      rollout: { timeout: '5m', start: '5s', steady: '1s' },
      environments: {
        [shop.environment]: {
          branches: [shop.branch],
          regions: Object.fromEntries(options.regions.map((region) => [region.name, regionEntry(region, options)])),
          waves,
          onFailure: { partial: options.onFailure ?? 'roll-back-all', confirm: false },
        },
      },
    },
    { aliasDuplicateObjects: false },
  );
}

type Flavour = Pick<PipelineFileOptions, 'base' | 'django'>;

function component(name: ShopComponent, { base, django }: Flavour) {
  return {
    paths: [`${name}/`],
    ...(name === 'core' ? {} : { needs: ['core'] }),
    image: `shop/${name}`,
    build: { context: name, args: { BASE: name === 'core' ? (django ?? base) : base } },
    workloads: [{ deployment: name, containers: [name] }],
  };
}

function migration(region: string, { django }: Flavour) {
  return {
    database: 'shop',
    region,
    component: 'core',
    commands: django ? djangoCommands : labCommands,
    envFrom: [shop.databaseSecret],
    timeout: '10m',
  };
}

const labCommands = {
  plan: ['shop-migrate', 'plan'],
  apply: ['shop-migrate', 'apply'],
  verify: ['shop-migrate', 'verify'],
};
const manage = (...args: string[]) => ['python3', 'manage.py', ...args];
const djangoCommands = {
  plan: manage('slipway_plan'),
  modelsWithoutMigration: manage('makemigrations', '--check', '--dry-run'),
  apply: manage('migrate', '--no-input'),
  verify: manage('migrate', '--check'),
};

function regionEntry({ cluster, urls }: ShopRegion, { django }: Flavour) {
  // A limit, not a budget: what does not start is noticed by its pods, long before.
  const patience = { successes: 2, timeout: '5m' };
  const endpoints: Record<string, unknown> = {};
  for (const [name, url] of Object.entries(urls)) {
    const contains = django && name === 'core' ? '"status": "ok"' : `ok: ${name}`;
    endpoints[name] = { kind: 'http', url: `${url}/health/`, contains, ...patience };
  }
  if (django && urls.core) {
    const graphql = { kind: 'graphql', url: `${urls.core}/graphql/`, query: '{ shop { name schemaVersion } }' };
    endpoints['graphql'] = { ...graphql, expect: { 'shop.name': 'Slipway lab shop' }, ...patience };
  }
  return { cluster, namespace: shop.namespace, endpoints };
}
