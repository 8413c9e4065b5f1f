import type { PipelineFile } from './pipeline-schema.ts';
import type { PolicyFile } from './policy-schema.ts';

/**
 * Both files with every key that there is, for the schemas that editors read. A test holds them against `examples/annotated`, where each key
 * has its comment.
 */
export const pipelineExample: PipelineFile = {
  version: 1,
  service: 'shop',
  components: {
    core: {
      paths: ['core/', 'shared/'],
      image: 'shop/core',
      build: { context: 'core', dockerfile: 'core/docker/Dockerfile', args: { MODE: 'release' } },
      workloads: [
        { deployment: 'api', containers: ['api'] },
        { deployment: 'worker', containers: ['worker'] },
      ],
    },
    web: { needs: ['core'], image: 'shop/web', build: {}, workloads: [{ deployment: 'web', containers: ['web'] }] },
  },
  tests: { compose: 'compose.test.yml', service: 'tests', reports: ['reports/junit.xml'], timeout: '20m' },
  scan: {
    images: true,
    secrets: true,
    failOn: ['CRITICAL', 'HIGH', 'MEDIUM'],
    exceptions: [
      {
        id: 'CVE-2026-12345',
        reason: 'the parser is never given files of strangers',
        expires: '2026-12-31',
        environments: ['staging'],
      },
    ],
  },
  migrations: [
    {
      database: 'shop',
      region: 'de',
      component: 'core',
      commands: {
        plan: ['python', 'manage.py', 'slipway_plan'],
        modelsWithoutMigration: ['python', 'manage.py', 'makemigrations', '--check'],
        apply: ['python', 'manage.py', 'migrate', '--noinput'],
        verify: ['python', 'manage.py', 'migrate', '--check'],
      },
      like: { deployment: 'api', container: 'api' },
      envFrom: ['shop-migrate'],
      planEnvFrom: ['shop-migrate-plan'],
      env: { DJANGO_SETTINGS_MODULE: 'shop.settings' },
      lockTimeout: '10s',
      timeout: '1h',
    },
  ],
  smoke: {
    checkout: {
      component: 'core',
      command: ['python', '-m', 'smoke', '--junit', '/dev/stdout'],
      report: 'junit',
      env: { DEPTH: 'shallow' },
      timeout: '5m',
    },
  },
  rollout: { timeout: '20m', imagePull: '10m', scheduling: '15m', start: '2m', crash: '0s', steady: '15s' },
  notify: [{ to: 'shop-channel', events: ['approval', 'held', 'ended-otherwise'], level: 'attention' }],
  environments: {
    staging: {
      branches: ['develop', 'release/*'],
      components: ['core', 'web'],
      regions: { de: { cluster: 'blue', namespace: 'shop-staging' } },
      tests: true,
    },
    production: {
      branches: ['main'],
      overrides: {
        web: { args: { API_URL: 'https://api.shop.example.com' }, env: { LOG_LEVEL: 'warn' }, regions: ['de'] },
      },
      regions: {
        de: {
          cluster: 'blue',
          namespace: 'shop',
          endpoints: {
            health: {
              kind: 'http',
              url: 'https://api.shop.example.com/health',
              status: 200,
              contains: 'ok',
              headers: { 'content-type': { contains: 'json' }, 'x-frame-options': 'DENY' },
              json: { 'database.ready': true },
              successes: 3,
              timeout: '2m',
            },
            catalogue: {
              kind: 'graphql',
              url: 'https://api.shop.example.com/graphql',
              query: '{ shop { name } }',
              expect: { 'shop.name': 'The Shop' },
              successes: 1,
              timeout: '1m',
            },
            orders: { kind: 'tcp', host: 'orders.shop.example.com', port: 5672, successes: 3, timeout: '2m' },
            prices: {
              kind: 'grpc',
              host: 'prices.shop.example.com',
              port: 50_051,
              tls: true,
              service: 'shop.v1.Prices',
              successes: 3,
              timeout: '2m',
            },
            entry: {
              kind: 'dns',
              name: 'api.shop.example.com',
              type: 'CNAME',
              expect: { oneOf: ['de.shop.example.net', 'nl.shop.example.net'], contains: 'shop' },
              successes: 3,
              timeout: '10m',
            },
            certificate: {
              kind: 'certificate',
              host: 'api.shop.example.com',
              port: 443,
              validFor: '21d',
              successes: 1,
              timeout: '1m',
            },
          },
          smoke: { checkout: { args: ['https://api.shop.example.com'] } },
        },
        nl: { cluster: 'green', namespace: 'shop' },
      },
      waves: [{ regions: ['de'], bake: '10m', every: '30s' }, { regions: ['nl'] }],
      approval: {
        required: true,
        quorum: 2,
        groups: ['release-managers'],
        expires: '12h',
        remind: '1h',
        escalate: { after: '3h', to: ['on-call'] },
        excludeRequester: true,
        excludeAuthors: true,
      },
      onFailure: { partial: 'roll-back-all', confirm: true, hold: '24h' },
      onInconclusive: 'hold',
      onBreach: 'tell',
      queue: 'supersede',
      tags: ['latest'],
      notify: ['log', { to: 'shop-channel', events: ['ended-well'], level: 'info' }],
    },
  },
};

export const policyExample: PolicyFile = {
  version: 1,
  mayIgnore: ['environments.*.windows'],
  clusters: {
    blue: { kind: 'kubeconfig', file: '/etc/slipway/blue', context: 'blue' },
    green: {
      kind: 'eks',
      name: 'green',
      region: 'eu-west-1',
      roleArn: 'arn:aws:iam::111122223333:role/slipway-deployer',
    },
  },
  notify: {
    log: { kind: 'log', level: 'info' },
    ends: { kind: 'log', events: ['ended-well', 'ended-otherwise'] },
    releases: { kind: 'slack', channel: 'C012ABCDEF', readers: ['release-managers'] },
    'shop-channel': {
      kind: 'webhook',
      url: 'env:SHOP_CHANNEL_WEBHOOK',
      secret: 'file:/run/secrets/shop-channel',
      host: 'chat.example.com',
    },
    pagerduty: {
      kind: 'webhook',
      url: 'file:/run/secrets/pagerduty',
      events: ['held', 'failed', 'region-failed', 'ended-otherwise'],
      level: 'problem',
    },
    'on-call': {
      kind: 'pagerduty',
      routingKey: 'file:/run/secrets/pagerduty-routing-key',
      region: 'eu',
      url: 'https://events.example.com',
      events: ['held', 'failed', 'ended-otherwise'],
    },
    github: {
      kind: 'github',
      app: { id: 123456, installation: 7891011, key: 'file:/run/secrets/github-app.pem' },
      url: 'https://github.example.com/api/v3',
      page: 'https://slipway.example.com/releases/',
    },
    'github-token': { kind: 'github', token: 'file:/run/secrets/github-token' },
    mail: {
      kind: 'email',
      smtp: 'env:SLIPWAY_SMTP',
      from: 'slipway@example.com',
      to: ['shop@example.com', 'sre@example.com'],
      events: ['ended-well', 'ended-otherwise'],
      level: 'info',
    },
  },
  registries: { 'registry.example.com:5000': { username: 'slipway', password: 'file:/run/secrets/registry' } },
  git: { 'github.com': { username: 'x-access-token', password: 'env:GITHUB_TOKEN' } },
  people: {
    anna: { token: 'anna', github: 1234567, slack: 'U012ABCDEF', oidc: '00u1a2b3c4', writesAs: ['anna@example.com'] },
    bert: { email: 'bert@example.com', slack: 'U034GHIJKL' },
    'release-robot': { github: 41898282 },
  },
  groups: {
    'release-managers': { members: ['anna', 'bert'], oidc: 'release-managers' },
    'on-call': { slack: 'S012ABCDEF' },
    'shop-on-call': { members: ['anna'], github: 'example/shop-on-call' },
  },
  services: {
    shop: {
      repository: 'https://github.com/example/shop.git',
      github: {
        repository: 123456789,
        events: ['push', 'workflow_dispatch'],
        workflows: ['example/ci/.github/workflows/deploy.yml@refs/heads/main'],
      },
      environments: {
        staging: {
          branches: ['develop', 'release/*'],
          namespaces: ['shop-staging'],
          workloads: ['api', 'worker', 'web'],
          images: ['shop/*'],
          secrets: { plan: ['shop-migrate-plan'], apply: ['shop-migrate'] },
          testImages: ['postgres'],
        },
        production: {
          branches: ['main'],
          namespaces: ['shop'],
          workloads: ['api', 'worker', 'web'],
          images: ['shop/core', 'shop/web'],
          endpointHosts: ['api.shop.example.com', 'orders.shop.example.com', 'prices.shop.example.com'],
          secrets: { plan: ['shop-migrate-plan'], apply: ['shop-migrate'] },
          serviceAccounts: { plan: [], apply: ['shop-api'] },
          variables: ['PYTHONPATH'],
          smoke: true,
          testImages: ['postgres', 'ghcr.io/example/*'],
          onCall: {
            groups: ['shop-on-call'],
            notify: [{ to: 'pagerduty', events: ['held', 'failed'], level: 'problem' }],
          },
          github: { environment: 'production' },
          access: {
            look: ['shop-on-call', 'on-call'],
            start: ['shop-on-call', 'release-managers'],
            operate: ['release-managers'],
          },
        },
      },
    },
  },
  environments: {
    staging: {
      clusters: ['blue'],
      registry: 'registry.example.com:5000/example',
      approval: { required: false },
      scan: { exceptions: { allowed: true } },
      testsRequired: true,
    },
    production: {
      clusters: ['blue', 'green'],
      registry: 'registry.example.com:5000/example',
      imagesFrom: ['registry.example.com:5000/example', 'ghcr.io/example'],
      approval: {
        required: true,
        quorum: 2,
        groups: ['release-managers'],
        expires: '24h',
        remind: '30m',
        escalate: { after: '2h', to: ['on-call'] },
        excludeRequester: true,
        excludeAuthors: false,
      },
      scan: {
        failOn: ['CRITICAL', 'HIGH'],
        unknownSeverity: 'fail',
        images: true,
        secrets: true,
        exceptions: { allowed: true, longestDays: 90 },
      },
      onFailure: ['roll-back-all', 'hold'],
      onInconclusive: ['hold', 'roll-back'],
      rollBackOnBreach: false,
      planMigrationsBeforeApproval: true,
      tags: ['latest'],
      endpointHosts: ['*.shop.example.com'],
      notify: ['log', { to: 'shop-channel', events: ['approval', 'held'], level: 'attention' }],
      onCall: { groups: ['on-call'], notify: [{ to: 'pagerduty', events: ['failed'], level: 'problem' }] },
      access: { look: ['shop-on-call'], start: ['release-managers'], operate: ['release-managers', 'on-call'] },
    },
  },
};
