import type { ReleasePlan } from '../../domain/contract/release.ts';
import { aCommit, aHash, anImage } from './builders.ts';

/** Every field is there, also those that may be left out: one that is added to the contract must be added here. */
export type Complete<T> = T extends readonly (infer Item)[]
  ? Complete<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Complete<Exclude<T[Key], undefined>> }
    : T;

/** A plan that says everything a plan can say, with two entries in its lists wherever two make sense. */
export function aRichPlan(): Complete<ReleasePlan> {
  const artifact = (digit: string) => ({ kind: 'deployment-image' as const, digest: `sha256:${digit.repeat(64)}` });
  const observe = (forMs: number) => ({
    check: 'region' as const,
    everyMs: 30_000,
    forMs,
    onInconclusive: 'hold' as const,
  });
  return {
    version: 1,
    service: 'shop',
    environment: 'production',
    branch: 'main',
    commit: aCommit(),
    configurationHash: aHash('c'),
    policyHash: aHash('d'),
    components: [
      {
        name: 'core',
        image: anImage('core', '1'),
        origin: 'promoted',
        promoted: { environment: 'staging', releaseId: 'release/shop/staging/aaa/1' },
        given: true,
        needs: [],
        workloads: [
          { deployment: 'api', containers: ['api', 'sidecar'] },
          { deployment: 'worker', containers: ['worker'] },
        ],
        regions: ['de', 'nl'],
        builtForHere: true,
        delivery: { kind: 'deployment-image', env: { LOG_LEVEL: 'info' } },
        artifact: artifact('1'),
      },
      {
        name: 'web',
        image: anImage('web', '2'),
        origin: 'promoted',
        promoted: { environment: 'staging', releaseId: 'release/shop/staging/aaa/2' },
        given: true,
        needs: ['core'],
        workloads: [{ deployment: 'web', containers: ['web'] }],
        regions: ['de'],
        builtForHere: true,
        delivery: { kind: 'deployment-image', env: { LOG_LEVEL: 'debug' } },
        artifact: artifact('2'),
      },
    ],
    regions: [
      {
        name: 'de',
        cluster: { kind: 'eks', name: 'shop-de', awsRegion: 'eu-central-1', roleArn: 'arn:aws:iam::1:role/deployer' },
        namespace: 'shop',
        endpoints: [
          {
            kind: 'http',
            name: 'health',
            url: 'https://de.example.com/health',
            successes: 3,
            timeoutMs: 60_000,
            status: 200,
            contains: 'ok',
            headers: { 'x-version': '1.2', 'content-type': { contains: 'json' } },
            json: { 'database.ready': true },
          },
          {
            kind: 'graphql',
            name: 'graphql',
            url: 'https://de.example.com/graphql',
            successes: 2,
            timeoutMs: 90_000,
            query: '{ shop { name } }',
            expect: { 'shop.name': 'Example Shop', 'shop.open': true, 'shop.count': 3 },
          },
          { kind: 'tcp', name: 'mail', host: 'mail.example.com', port: 25, successes: 3, timeoutMs: 60_000 },
          {
            kind: 'grpc',
            name: 'catalogue',
            host: 'catalogue.example.com',
            port: 50_051,
            tls: true,
            service: 'shop.v1.Catalogue',
            successes: 3,
            timeoutMs: 60_000,
          },
          {
            kind: 'dns',
            name: 'entry',
            domainName: 'de.example.com',
            type: 'A',
            oneOf: ['203.0.113.7', '203.0.113.8'],
            contains: '203.0.113',
            successes: 3,
            timeoutMs: 60_000,
          },
          {
            kind: 'certificate',
            name: 'certificate',
            host: 'de.example.com',
            port: 443,
            validForMs: 1_209_600_000,
            successes: 3,
            timeoutMs: 60_000,
          },
        ],
        smoke: [
          {
            name: 'checkout',
            component: 'core',
            command: ['python', '-m', 'smoke', 'https://de.example.com'],
            report: 'junit',
            env: { DEPTH: 'shallow', MODE: 'live' },
            timeoutMs: 300_000,
          },
          { name: 'search', component: 'web', command: ['search'], report: 'junit', env: {}, timeoutMs: 60_000 },
        ],
      },
      {
        name: 'nl',
        cluster: { kind: 'kubeconfig', file: '/etc/slipway/nl', context: 'nl' },
        namespace: 'shop',
        endpoints: [],
        smoke: [],
      },
    ],
    waves: [
      { regions: ['de'], stages: [{ apply: true, weight: 10, observe: [observe(600_000), observe(60_000)] }] },
      { regions: ['nl'], stages: [{ apply: true, weight: 100, observe: [] }] },
    ],
    migrations: [
      {
        database: 'main',
        region: 'de',
        component: 'core',
        pending: ['0002_a', '0003_b'],
        contracting: ['0003_b'],
        unknown: ['0003_b'],
      },
      { database: 'stock', region: 'de', component: 'core', pending: [], contracting: [], unknown: [] },
    ],
    migrationSpecs: [
      {
        database: 'main',
        region: 'de',
        component: 'core',
        commands: {
          plan: ['python', 'manage.py', 'migrate', '--plan'],
          modelsWithoutMigration: ['python', 'manage.py', 'makemigrations', '--check'],
          apply: ['python', 'manage.py', 'migrate'],
          verify: ['python', 'manage.py', 'migrate', '--check'],
        },
        like: { deployment: 'api', container: 'api' },
        planApart: true,
        envFrom: ['migrate', 'settings'],
        planEnvFrom: ['migrate-plan'],
        env: { MODE: 'fast', LEVEL: '3' },
        lockTimeoutMs: 5_000,
        timeoutMs: 1_800_000,
      },
    ],
    gates: [
      { gate: 'image scan', verdict: 'pass', summary: 'nothing of CRITICAL, HIGH' },
      { gate: 'tests', verdict: 'pass', summary: '812 passed' },
    ],
    approval: {
      required: true,
      quorum: 2,
      groups: ['release-managers', 'owners'],
      expiresMs: 86_400_000,
      excludeRequester: true,
      excludeAuthors: true,
      remindMs: 1_800_000,
      escalate: { afterMs: 7_200_000, groups: ['directors'] },
    },
    onCall: ['shop-on-call', 'platform-on-call'],
    onFailure: { partial: 'roll-back-all', confirm: true, holdMs: 3_600_000, onInconclusive: 'hold' },
    onBreach: 'roll-back',
    rollout: {
      timeoutMs: 600_000,
      patience: { imagePullMs: 60_000, schedulingMs: 61_000, startMs: 62_000, crashMs: 63_000, steadyMs: 64_000 },
    },
    tags: ['latest', 'stable'],
    olderThanSchema: [{ database: 'main', releaseId: 'release/shop/production/4f/1', migrations: ['0003_b'] }],
    promotion: { environment: 'staging', maxAgeMs: 1_209_600_000 },
    needs: ['regions-of-components', 'smoke-tests'],
  };
}
