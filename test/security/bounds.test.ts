import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { DnsEndpoint, HttpEndpoint, ReleaseSpec, TcpEndpoint } from '../../domain/contract/release.ts';
import { refuseBeyondPolicy } from '../../domain/plan-bounds.ts';
import type { Bounded, Bounds } from '../../domain/plan-bounds.ts';
import { loadPipeline, pipelineJsonSchema, resolveRelease } from '../../pipeline/index.ts';
import { operatorFloor } from '../../pipeline/operator-floor.ts';
import { aPolicy } from '../pipeline/texts.ts';

/**
 * Every value that slipway.yaml may hold, by its path. What names something outside of the repository says which value the policy below
 * allows and which it does not; what does not says why not. A key that is new in the schema is in none of these, and is noticed.
 */
interface Outside {
  allowed: string;
  foreign: string[];
}

const bounds = {
  workloads: ['shop-*'],
  images: ['shop/core'],
  endpointHosts: ['shop.test', '*.shop.test'],
  secrets: { plan: ['reader'], apply: ['writer'] },
};

/** `ofEnvironment`: what the policy says of all services there. */
const policyOf = (ofService: object, ofEnvironment: object) =>
  aPolicy(
    stringify({
      clusters: { blue: { kind: 'kubeconfig', file: '/etc/blue' }, black: { kind: 'kubeconfig', file: '/etc/black' } },
      notify: {
        log: { kind: 'log' },
        chat: { kind: 'webhook', url: 'env:CHAT' },
        releases: { kind: 'slack', channel: 'C0123ABCD', readers: ['owners'] },
      },
      services: {
        shop: {
          repository: 'https://git.test/shop',
          environments: {
            production: {
              branches: ['main'],
              namespaces: ['shop'],
              ...ofService,
            },
          },
        },
        payments: {
          repository: 'https://git.test/payments',
          environments: {
            production: { branches: ['main'], namespaces: ['payments'], workloads: ['payments'], images: ['payments'] },
          },
        },
      },
      environments: {
        production: {
          clusters: ['blue'],
          registry: 'registry.test',
          approval: { required: false },
          scan: { images: false, secrets: false },
          testsRequired: false,
          tags: ['latest'],
          ...ofEnvironment,
        },
      },
    }),
  );

const deployment = { allowed: 'shop-api', foreign: ['payments', 'shop', 'xshop-api', 'kube-dns'] };
const url = {
  allowed: 'https://shop.test/health',
  foreign: [
    'http://169.254.169.254/',
    'http://0xa9fea9fe/',
    'http://[::1]/',
    'https://shop.test.evil/',
    'https://everybody.test/',
  ],
};
const host = {
  allowed: 'shop.test',
  foreign: ['169.254.169.254', '0xa9fea9fe', '[::1]', 'shop.test.evil', 'everybody.test', 'evil.test#shop.test'],
};

const loading = { allowed: 'MODE', foreign: ['LD_PRELOAD', 'PYTHONPATH', 'NODE_OPTIONS', 'PATH'] };

const outside: Record<string, Outside> = {
  'components.*.image': { allowed: 'shop/core', foreign: ['payments', 'shop/core/x', 'shop/corex', 'core'] },
  'components.*.workloads[].deployment': deployment,
  'environments.*.regions.*.cluster': { allowed: 'blue', foreign: ['black', 'constructor'] },
  'environments.*.regions.*.namespace': { allowed: 'shop', foreign: ['payments', 'kube-system', 'shop-2'] },
  'environments.*.regions.*.endpoints.*.url': url,
  'environments.*.regions.*.endpoints.*.host': host,
  'environments.*.regions.*.endpoints.*.name': host,
  'environments.*.tags[]': { allowed: 'latest', foreign: ['stable', 'v1'] },
  'environments.*.notify[]': { allowed: 'log', foreign: ['other'] },
  'notify[]': { allowed: 'chat', foreign: ['elsewhere'] },
  'migrations[].envFrom[]': { allowed: 'writer', foreign: ['admin', 'reader', 'writer-2'] },
  'migrations[].planEnvFrom[]': { allowed: 'reader', foreign: ['writer', 'admin'] },
  'migrations[].like.deployment': deployment,
  'migrations[].env.*': loading,
  'environments.*.overrides.*.env.*': loading,
};

/** Parts of the repository itself: names that it gives, paths inside of it, and what runs in its own images. */
const ownNames =
  'service components.*.needs[] components.*.paths[] components.*.build.context components.*.build.dockerfile ' +
  'components.*.build.args.* components.*.workloads[].containers[] environments.*.branches[] environments.*.components[] ' +
  'environments.*.from environments.*.from.environment ' +
  'environments.*.waves[].regions[] tests.compose tests.service tests.reports[] migrations[].database migrations[].region ' +
  'migrations[].component migrations[].commands.plan[] migrations[].commands.modelsWithoutMigration[] ' +
  'migrations[].commands.apply[] migrations[].commands.verify[] migrations[].like.container ' +
  'environments.*.regions.*.endpoints.*.contains environments.*.regions.*.endpoints.*.query ' +
  'environments.*.regions.*.endpoints.*.expect.* environments.*.regions.*.endpoints.*.expect.oneOf[] ' +
  'environments.*.regions.*.endpoints.*.expect.contains environments.*.regions.*.endpoints.*.json.* ' +
  'environments.*.regions.*.endpoints.*.headers.* environments.*.regions.*.endpoints.*.headers.*.contains ' +
  'environments.*.regions.*.endpoints.*.service environments.*.overrides.*.args.* environments.*.overrides.*.regions[] ' +
  'environments.*.regions.*.smoke.*.args[] smoke.*.component smoke.*.command[]';
/** What is done, when and for how long: each has a floor or a limit of its own. */
const rules =
  'version environments.*.from.maxAge environments.*.waves[].bake environments.*.waves[].every environments.*.tests environments.*.approval.required ' +
  'environments.*.approval.quorum environments.*.approval.groups[] environments.*.approval.expires environments.*.approval.remind ' +
  'environments.*.approval.escalate.after environments.*.approval.escalate.to[] ' +
  'environments.*.approval.excludeRequester environments.*.approval.excludeAuthors environments.*.onFailure.partial environments.*.onFailure.confirm ' +
  'environments.*.onFailure.hold environments.*.onInconclusive environments.*.onBreach environments.*.queue ' +
  'environments.*.regions.*.endpoints.*.kind environments.*.regions.*.endpoints.*.successes ' +
  'environments.*.regions.*.endpoints.*.timeout environments.*.regions.*.endpoints.*.status ' +
  'environments.*.regions.*.endpoints.*.port environments.*.regions.*.endpoints.*.tls ' +
  'environments.*.regions.*.endpoints.*.type environments.*.regions.*.endpoints.*.validFor tests.timeout scan.images ' +
  'scan.secrets scan.failOn[] scan.exceptions[].id scan.exceptions[].reason scan.exceptions[].expires ' +
  'scan.exceptions[].environments[] migrations[].like migrations[].lockTimeout migrations[].timeout rollout.timeout ' +
  'rollout.imagePull rollout.scheduling rollout.start rollout.crash rollout.steady smoke.*.report smoke.*.timeout ' +
  'environments.*.notify[].events[] environments.*.notify[].level notify[].events[] notify[].level';

/** Other ways of naming what is above: test/domain/plan-bounds.test.ts and test/pipeline/notify.test.ts hold them against the policy. */
const alike = ['smoke.*.env.*', 'environments.*.notify[].to', 'notify[].to'];

interface Node {
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  items?: Node;
  anyOf?: Node[];
  oneOf?: Node[];
  allOf?: Node[];
}

function leaves(node: Node, path: string): string[] {
  const { properties = {}, additionalProperties: more, items } = node;
  const inner = [
    ...Object.entries(properties).flatMap(([key, value]) => leaves(value, path === '' ? key : `${path}.${key}`)),
    ...(typeof more === 'object' ? leaves(more, `${path}.*`) : []),
    ...(items ? leaves(items, `${path}[]`) : []),
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])].flatMap((one) => leaves(one, path)),
  ];
  return inner.length > 0 ? inner : [path];
}

const policy = policyOf(bounds, { endpointHosts: ['everybody.test'] });
const floor: Bounds = operatorFloor(policy, 'production')!;

/** What slipway.yaml names, by path: what is allowed, except where this says otherwise. */
type Wish = Record<string, string>;

function pipelineOf(wish: Wish): string {
  const at = (path: string) => wish[path] ?? outside[path]!.allowed;
  const region = {
    cluster: at('environments.*.regions.*.cluster'),
    namespace: at('environments.*.regions.*.namespace'),
    endpoints: {
      api: { kind: 'http', url: at('environments.*.regions.*.endpoints.*.url') },
      mail: { kind: 'tcp', host: at('environments.*.regions.*.endpoints.*.host'), port: 25 },
      entry: { kind: 'dns', name: at('environments.*.regions.*.endpoints.*.name'), type: 'A' },
    },
  };
  return stringify({
    service: 'shop',
    notify: [at('notify[]')],
    components: {
      core: {
        image: at('components.*.image'),
        workloads: [{ deployment: at('components.*.workloads[].deployment'), containers: ['api'] }],
      },
    },
    migrations: [
      {
        database: 'shop',
        region: 'de',
        component: 'core',
        commands: { plan: ['plan'], apply: ['migrate'] },
        envFrom: [at('migrations[].envFrom[]')],
        planEnvFrom: [at('migrations[].planEnvFrom[]')],
        like: { deployment: at('migrations[].like.deployment'), container: 'api' },
        env: { [at('migrations[].env.*')]: 'x' },
      },
    ],
    environments: {
      production: {
        branches: ['main'],
        overrides: { core: { env: { [at('environments.*.overrides.*.env.*')]: 'x' } } },
        regions: { de: region },
        tags: [at('environments.*.tags[]')],
        notify: [at('environments.*.notify[]')],
      },
    },
  });
}

function resolved(wish: Wish) {
  const loaded = loadPipeline(pipelineOf(wish), 'slipway.yaml');
  if (!loaded.ok) return undefined;
  const where = { environment: 'production', branch: 'main', repository: 'https://git.test/shop', now: 0 };
  return resolveRelease({ pipeline: loaded.pipeline, policy, ...where });
}

/** One or more of the values are foreign. */
const hostile: fc.Arbitrary<Wish> = fc
  .subarray(Object.keys(outside), { minLength: 1, maxLength: 4 })
  .chain((paths) =>
    fc.record(Object.fromEntries(paths.map((path) => [path, fc.constantFrom(...outside[path]!.foreign)]))),
  );

const digest = `sha256:${'1'.repeat(64)}`;

/** The plan that a forged specification would become. */
function planOf(spec: ReleaseSpec): Bounded {
  const components = spec.components.map(({ name, image, workloads, delivery }) => ({
    name,
    image: `${spec.registry}/${image}@${digest}`,
    workloads,
    origin: 'built' as const,
    ...(delivery && { delivery }),
  }));
  return {
    service: spec.service,
    environment: spec.environment,
    regions: spec.regions,
    components,
    migrationSpecs: spec.migrations,
  };
}

function forged(spec: ReleaseSpec, wish: Wish): Bounded {
  const plan = structuredClone(planOf(spec));
  const [region, component, migration] = [plan.regions[0]!, plan.components[0]!, plan.migrationSpecs[0]!];
  const put: Record<string, (value: string) => void> = {
    'components.*.image': (value) => (component.image = `${spec.registry}/${value}@${digest}`),
    'components.*.workloads[].deployment': (value) => (component.workloads[0]!.deployment = value),
    'environments.*.regions.*.cluster': (value) => (region.cluster = { kind: 'kubeconfig', file: `/etc/${value}` }),
    'environments.*.regions.*.namespace': (value) => (region.namespace = value),
    'environments.*.regions.*.endpoints.*.url': (value) => ((region.endpoints[0] as HttpEndpoint).url = value),
    'environments.*.regions.*.endpoints.*.host': (value) => ((region.endpoints[1] as TcpEndpoint).host = value),
    'environments.*.regions.*.endpoints.*.name': (value) => ((region.endpoints[2] as DnsEndpoint).domainName = value),
    'migrations[].envFrom[]': (value) => (migration.envFrom = [value]),
    'migrations[].planEnvFrom[]': (value) => (migration.planEnvFrom = [value]),
    'migrations[].like.deployment': (value) => (migration.like!.deployment = value),
    'migrations[].env.*': (value) => (migration.env = { [value]: 'x' }),
    'environments.*.overrides.*.env.*': (value) => (component.delivery!.env = { [value]: 'x' }),
  };
  for (const [path, value] of Object.entries(wish)) put[path]?.(value);
  return plan;
}

/** Held against the policy at the step that uses them, by name: tags where they are moved, targets where people are told. */
const heldElsewhere = ['environments.*.tags[]', 'environments.*.notify[]', 'notify[]'];

describe('what slipway.yaml names of the outside', () => {
  it('is known by its key: a new one must be bound by the policy, or be said to need none', () => {
    const known = [...Object.keys(outside), ...alike, ...ownNames.split(' '), ...rules.split(' ')].sort();
    expect([...new Set(leaves(pipelineJsonSchema() as Node, ''))].sort()).toEqual(known);
  });

  it('passes where the policy names all of it, here and where it acts', () => {
    const release = resolved({});
    expect(release).toMatchObject({ ok: true });
    if (release?.ok) expect(refuseBeyondPolicy(planOf(release.spec), floor)).toBeUndefined();
  });

  it('does not pass the loader where the policy does not name it, whatever else is asked for with it', () => {
    fc.assert(
      fc.property(hostile, (wish) => {
        const release = resolved(wish);
        expect(release?.ok ?? false).toBe(false);
        const said = release && !release.ok ? release.problems.map(({ message }) => message).join('\n') : '';
        // A value that has no good form is refused before anybody asks whose it is.
        if (release) expect(said).toMatch(/allow|may not be|has no notify target/);
      }),
      { numRuns: 200 },
    );
  });

  it('does not act either where a plan names it that no loader has seen', () => {
    const release = resolved({});
    if (!release?.ok) throw new Error('the usual release is refused');
    fc.assert(
      fc.property(hostile, (wish) => {
        const bound = Object.keys(wish).filter((path) => !heldElsewhere.includes(path));
        const reason = refuseBeyondPolicy(forged(release.spec, wish), floor);
        expect(reason !== undefined).toBe(bound.length > 0);
      }),
      { numRuns: 200 },
    );
  });

  it('is nothing under a policy that was written before it could say so: each key to add is named', () => {
    const loaded = loadPipeline(pipelineOf({}), 'slipway.yaml');
    if (!loaded.ok) throw new Error('the usual file is refused');
    const where = { environment: 'production', branch: 'main', repository: 'https://git.test/shop', now: 0 };
    const release = resolveRelease({ pipeline: loaded.pipeline, policy: policyOf({}, {}), ...where });
    const hints = release.ok ? [] : release.problems.map(({ hint }) => hint);
    const reach = 'services.shop.environments.production';
    expect(hints).toEqual([
      `the operator must add \`shop/core\` to \`${reach}.images\``,
      `the operator must add \`shop-api\` to \`${reach}.workloads\``,
      `the operator must add \`writer\` to \`${reach}.secrets.apply\``,
      `the operator must add \`reader\` to \`${reach}.secrets.plan\``,
      `the operator must add \`shop-api\` to \`${reach}.workloads\``,
      `the operator must add \`shop.test\` to \`${reach}.endpointHosts\``,
      `the operator must add \`shop.test\` to \`${reach}.endpointHosts\``,
      `the operator must add \`shop.test\` to \`${reach}.endpointHosts\``,
    ]);
  });
});
