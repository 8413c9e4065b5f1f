import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { EndpointSpec, MigrationSpec } from '../../domain/contract/release.ts';
import { operatorFloor } from '../../pipeline/operator-floor.ts';
import { aPipeline, aPolicy, changed, newYear, pipelineText, policyText, refusals, resolve } from './texts.ts';
import { aWave } from '../domain/builders.ts';

const usual = { name: 'one', successes: 3, timeoutMs: 120_000 };

/** What the repository or the policy says instead; everything that is said about it. */
const loosened: [string, 'pipeline' | 'policy', string, string, string[]][] = [
  [
    'approval is turned off',
    'pipeline',
    'required: true, quorum: 2, groups: [owners]',
    'required: false, quorum: 2, groups: [owners]',
    ['42:27 approval cannot be turned off: the policy requires it (policy.yaml:22)'],
  ],
  [
    'the quorum is lower',
    'pipeline',
    'quorum: 2',
    'quorum: 1',
    ['42:41 the quorum is 1, the policy asks for at least 2 (policy.yaml:22)'],
  ],
  [
    'approval lives longer',
    'pipeline',
    'expires: 2h',
    'expires: 1d',
    ['42:71 approval expires after 1d, the policy allows at most 4h (policy.yaml:22)'],
  ],
  [
    'the requester may approve',
    'pipeline',
    'excludeRequester: true',
    'excludeRequester: false',
    ['42:93 the requester may not approve: the policy excludes the requester (policy.yaml:22)'],
  ],
  [
    'somebody else may approve',
    'pipeline',
    'groups: [owners]',
    'groups: [owners, friends]',
    ['42:61 the group `friends` may not approve, the policy allows `owners`, `leads` (policy.yaml:22)'],
  ],
  [
    'a severity is ignored',
    'pipeline',
    'failOn: [CRITICAL, HIGH]',
    'failOn: [HIGH]',
    ['14:11 the scan ignores `CRITICAL`, the policy fails on `CRITICAL` (policy.yaml:23)'],
  ],
  [
    'images are not scanned',
    'pipeline',
    '  failOn: [CRITICAL, HIGH]',
    '  images: false',
    ['14:11 images must be scanned (policy.yaml:23)'],
  ],
  [
    'secrets are not looked for',
    'pipeline',
    '  failOn: [CRITICAL, HIGH]',
    '  secrets: false',
    ['14:12 secrets must be looked for (policy.yaml:23)'],
  ],
  [
    'an exception lasts too long',
    'pipeline',
    'expires: 2026-03-01',
    'expires: 2026-12-31',
    ['16:57 the exception for CVE-2026-1 lasts until 2026-12-31, the policy allows at most 90 days (policy.yaml:23)'],
  ],
  [
    'exceptions are not allowed',
    'policy',
    'scan: { failOn: [CRITICAL], exceptions: { allowed: true, longestDays: 90 } }',
    'scan: { exceptions: { allowed: false } }',
    ['16:7 the policy allows no exceptions here (policy.yaml:23)'],
  ],
  [
    'exceptions are not mentioned',
    'policy',
    '    scan: { failOn: [CRITICAL], exceptions: { allowed: true, longestDays: 90 } }\n',
    '',
    ['16:7 the policy allows no exceptions here (policy.yaml:19)'],
  ],
  [
    'tests are left out here',
    'pipeline',
    '    tags: [latest]',
    '    tests: false',
    ['44:12 integration tests are required, and `tests: false` turns them off (policy.yaml:24)'],
  ],
  [
    'there are no tests',
    'pipeline',
    'tests: { compose: compose.yml, service: tests, reports: [junit.xml], timeout: 5m }\n',
    '',
    ['1:1 integration tests are required, and the file has no `tests` (policy.yaml:24)'],
  ],
  [
    'the failure policy is not allowed',
    'pipeline',
    'partial: roll-back-all',
    'partial: roll-back-region',
    ['43:27 `roll-back-region` is not among the failure policies allowed: `hold`, `roll-back-all` (policy.yaml:25)'],
  ],
  [
    'the engine is to roll back by itself',
    'pipeline',
    '    tags: [latest]\n',
    '    onBreach: roll-back\n    tags: [latest]\n',
    ['44:15 the policy lets nothing but a person roll back here (policy.yaml:19)'],
  ],
  [
    'a tag may not be moved',
    'pipeline',
    'tags: [latest]',
    'tags: [latest, stable]',
    ['44:20 the tag `stable` may not be moved, the policy allows `latest` (policy.yaml:27)'],
  ],
  [
    'no tags may be moved',
    'policy',
    '    tags: [latest]\n',
    '',
    ['44:12 the tag `latest` may not be moved, the policy allows none (policy.yaml:19)'],
  ],
  [
    'a cluster is not allowed',
    'pipeline',
    'cluster: green',
    'cluster: black',
    ['38:22 the cluster `black` is not allowed here, the policy allows `blue`, `green` (policy.yaml:20)'],
  ],
  [
    'a cluster is unknown',
    'pipeline',
    'cluster: green',
    'cluster: greener',
    [
      '38:22 the cluster `greener` is not allowed here, the policy allows `blue`, `green` (policy.yaml:20) | did you mean `green`?',
    ],
  ],
  [
    'a host may not be asked',
    'pipeline',
    "url: 'https://api.shop.example.com/health'",
    "url: 'https://169.254.169.254/latest'",
    [
      '36:35 the host `169.254.169.254` may not be used by `shop` here, the policy allows `*.shop.example.com` (policy.yaml:28) | the operator must add `169.254.169.254` to `environments.production.endpointHosts`',
    ],
  ],
  [
    'a host only ends alike',
    'pipeline',
    "url: 'https://api.shop.example.com/health'",
    "url: 'https://api.evilshop.example.com/'",
    [
      '36:35 the host `api.evilshop.example.com` may not be used by `shop` here, the policy allows `*.shop.example.com` (policy.yaml:28) | the operator must add `api.evilshop.example.com` to `environments.production.endpointHosts`',
    ],
  ],
  [
    'a notify target is unknown',
    'pipeline',
    'notify: [chat]',
    'notify: [chatt]',
    ['45:14 policy.yaml has no notify target `chatt` | did you mean `chat`?'],
  ],
  [
    'the service is unknown',
    'pipeline',
    'service: shop',
    'service: shopp',
    ['1:10 the service `shopp` is not in policy.yaml:9 | did you mean `shop`?'],
  ],
  [
    'the environment is out of reach',
    'policy',
    ', production: { branches: [main], namespaces: [shop], workloads: [api, web], images: [shop/core, shop/web], secrets: { plan: [migrate], apply: [migrate] } }',
    '',
    ['28:3 `shop` may not be released to `production`, only to `staging` (policy.yaml:11)'],
  ],
  [
    'the repository is another',
    'policy',
    'repository: https://git.example.com/shop',
    'repository: https://git.example.com/other',
    [
      '1:10 `shop` is released from https://git.example.com/other (policy.yaml:10), not from https://git.example.com/shop',
    ],
  ],
];

describe('a release of a mapped branch', () => {
  it('gets everything that both files say', () => {
    const resolved = resolve();
    if (!resolved.ok) throw new Error(refusals(resolved).join());
    expect(resolved.planMigrationsBeforeApproval).toBe(true);
    expect(resolved.spec).toMatchObject({
      service: 'shop',
      environment: 'production',
      registry: 'registry.example.com:5000/shop',
      approval: { required: true, quorum: 2, groups: ['owners'], expiresMs: 7_200_000, excludeRequester: true },
      onFailure: { partial: 'roll-back-all', confirm: true, holdMs: 3_600_000 },
      waves: [aWave(['de'], 600_000), aWave(['nl'])],
      queue: 'supersede',
      verification: { digests: true },
      tags: ['latest'],
      rollout: { timeoutMs: 600_000 },
      scan: { images: true, secrets: true, failOn: ['CRITICAL', 'HIGH', 'UNKNOWN'] },
      tests: { composeFile: 'compose.yml', service: 'tests', reports: ['junit.xml'], timeoutMs: 300_000 },
    });
  });

  it('gets of the rollout only what the file names, so that a plan does not depend on what is usual', () => {
    const rollout = 'rollout: { timeout: 30m, imagePull: 20m, crash: 0s }';
    const pipeline = aPipeline(changed(pipelineText, 'service: shop', `service: shop\n${rollout}`));
    const resolved = resolve({ pipeline });
    expect(resolved.ok && resolved.spec.rollout).toEqual({
      timeoutMs: 1_800_000,
      patience: { imagePullMs: 1_200_000, crashMs: 0 },
    });
  });

  // prettier-ignore
  it.each<[string, EndpointSpec]>([
    ["kind: http, url: 'https://a.shop.example.com/'", { kind: 'http', url: 'https://a.shop.example.com/', status: 200, ...usual }],
    ["kind: http, url: 'https://a.shop.example.com/', headers: { a: b, c: { contains: d } }, json: { e.f: 1 }", { kind: 'http', url: 'https://a.shop.example.com/', status: 200, headers: { a: 'b', c: { contains: 'd' } }, json: { 'e.f': 1 }, ...usual }],
    ['kind: tcp, host: a.shop.example.com, port: 25', { kind: 'tcp', host: 'a.shop.example.com', port: 25, ...usual }],
    ['kind: tcp, host: a.shop.example.com, port: 25, successes: 1, timeout: 10s', { kind: 'tcp', host: 'a.shop.example.com', port: 25, name: 'one', successes: 1, timeoutMs: 10_000 }],
    ['kind: grpc, host: a.shop.example.com, port: 1', { kind: 'grpc', host: 'a.shop.example.com', port: 1, tls: true, ...usual }],
    ['kind: grpc, host: a.shop.example.com, port: 1, tls: false, service: shop.A', { kind: 'grpc', host: 'a.shop.example.com', port: 1, tls: false, service: 'shop.A', ...usual }],
    ['kind: dns, name: a.shop.example.com, type: CNAME', { kind: 'dns', domainName: 'a.shop.example.com', type: 'CNAME', ...usual }],
    ['kind: dns, name: a.shop.example.com, type: A, expect: { oneOf: [203.0.113.7], contains: "203" }', { kind: 'dns', domainName: 'a.shop.example.com', type: 'A', oneOf: ['203.0.113.7'], contains: '203', ...usual }],
    ['kind: certificate, host: a.shop.example.com', { kind: 'certificate', host: 'a.shop.example.com', port: 443, validForMs: 1_209_600_000, ...usual }],
    ['kind: certificate, host: a.shop.example.com, port: 8443, validFor: 1d', { kind: 'certificate', host: 'a.shop.example.com', port: 8_443, validForMs: 86_400_000, ...usual }],
  ])('asks { %s } with what is left out', (written, asked) => {
    const from = "graph: { kind: graphql, url: 'https://api.shop.example.com/graphql', query: '{ shop }' }";
    const resolved = resolve({ pipeline: aPipeline(changed(pipelineText, from, `one: { ${written} }`)) });
    if (!resolved.ok) throw new Error(refusals(resolved).join());
    expect(resolved.spec.regions[0]!.endpoints[1]).toEqual(asked);
  });

  it('takes clusters and notify targets from the policy, the policy’s own targets first', () => {
    const resolved = resolve();
    expect(resolved.ok && resolved.spec.regions.map(({ cluster }) => cluster)).toEqual([
      { kind: 'kubeconfig', file: '/etc/blue', context: 'blue' },
      { kind: 'eks', name: 'green', awsRegion: 'eu-west-1' },
    ]);
    expect(resolved.ok && resolved.spec.notify).toEqual([
      { name: 'log', kind: 'log' },
      { name: 'chat', kind: 'webhook', url: 'env:CHAT' },
    ]);
  });

  it('may run in its tests, beside its own images, those that the policy names for the service there', () => {
    const policy = aPolicy(
      changed(policyText, 'workloads: [api, web],', 'workloads: [api, web], testImages: [postgres],'),
    );
    const resolved = resolve({ policy });
    expect(resolved.ok && resolved.spec.tests).toMatchObject({ images: ['postgres'] });
  });

  it('names its file by the sha256 of the exact text', () => {
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const resolved = resolve();
    expect(resolved.ok && resolved.spec.configurationHash).toBe(sha256(pipelineText));
  });

  it.each([
    ['fails on what nobody has judged, though no list names it', '', ['CRITICAL', 'HIGH', 'UNKNOWN']],
    ['lets it pass where the policy says so', 'unknownSeverity: pass, ', ['CRITICAL', 'HIGH']],
    ['says so once where a list names it as well', 'unknownSeverity: fail, ', ['CRITICAL', 'HIGH', 'UNKNOWN']],
  ])('%s', (_what, said, failOn) => {
    const policy = aPolicy(changed(policyText, 'scan: { failOn: [CRITICAL], ', `scan: { ${said}failOn: [CRITICAL], `));
    const resolved = resolve({ policy });
    expect(resolved.ok && resolved.spec.scan.failOn).toEqual(failOn);
  });

  it.each([
    ['nothing is said', '', '', undefined],
    ['people are to be told', 'tell', '', undefined],
    ['it asks and the policy allows it', 'roll-back', 'rollBackOnBreach: true', 'roll-back'],
    ['only the policy speaks of it', '', 'rollBackOnBreach: true', undefined],
  ])('lets the engine roll back by itself only where both files say so: %s', (_when, asked, allowed, onBreach) => {
    const text = changed(
      pipelineText,
      '    tags: [latest]\n',
      `    ${asked && `onBreach: ${asked}\n    `}tags: [latest]\n`,
    );
    const policy = changed(policyText, '    tags: [latest]\n', `    ${allowed && `${allowed}\n    `}tags: [latest]\n`);
    const resolved = resolve({ pipeline: aPipeline(text), policy: aPolicy(policy) });
    expect(refusals(resolved)).toEqual([]);
    expect(resolved.ok && resolved.spec.onBreach).toBe(onBreach);
    expect(operatorFloor(aPolicy(policy), 'production')?.rollBackOnBreach).toBe(allowed !== '');
  });

  it('takes the policy’s word where the repository says nothing', () => {
    const quiet = changed(
      changed(pipelineText, '  failOn: [CRITICAL, HIGH]\n', ''),
      '    approval: { required: true, quorum: 2, groups: [owners], expires: 2h, excludeRequester: true }\n    onFailure: { partial: roll-back-all, hold: 1h }\n',
      '',
    );
    const resolved = resolve({ pipeline: aPipeline(quiet) });
    expect(resolved.ok && resolved.spec.scan.failOn).toEqual(['CRITICAL', 'UNKNOWN']);
    expect(resolved.ok && resolved.spec.onFailure.partial).toBe('hold');
    expect(resolved.ok && resolved.spec.approval).toEqual({
      required: true,
      quorum: 2,
      groups: ['owners', 'leads'],
      expiresMs: 14_400_000,
      excludeRequester: true,
    });
  });

  it('puts one region into one wave when no waves are written', () => {
    const resolved = resolve({ branch: 'develop' });
    expect(resolved.ok && resolved.spec.waves).toEqual([aWave(['de'])]);
  });

  it('orders components by need, otherwise as written', () => {
    const components = ['  first:\n    needs: [last]', '  second:', '  last:']
      .map((head, n) => `${head}\n    image: shop/c${n}\n    workloads: [{ deployment: d${n}, containers: [c] }]\n`)
      .join('');
    const text = changed(pipelineText, 'components:\n  core:', `components:\n${components}  core:`);
    const resolved = resolve({ pipeline: aPipeline(text), branch: 'develop' });
    expect(resolved.ok && resolved.spec.components.map(({ name }) => name)).toEqual([
      'second',
      'last',
      'first',
      'core',
      'web',
    ]);
  });

  it('migrates a database once, in the first of its regions by wave', () => {
    const second = `  - database: shop
    region: nl
    component: core
    commands: { plan: [manage, plan], apply: [manage, migrate] }
    envFrom: [migrate]
`;
    const twice = changed(pipelineText, 'migrations:\n', `migrations:\n${second}`);
    const resolved = resolve({ pipeline: aPipeline(twice) });
    expect(resolved.ok && resolved.spec.migrations).toEqual([
      {
        database: 'shop',
        region: 'de',
        component: 'core',
        commands: { plan: ['manage', 'plan'], apply: ['manage', 'migrate'] },
        like: { deployment: 'api', container: 'api' },
        envFrom: ['migrate'],
        planEnvFrom: ['migrate'],
        env: {},
        lockTimeoutMs: 5_000,
        timeoutMs: 1_800_000,
      },
    ]);
  });

  it.each<[string, string, Partial<MigrationSpec>]>([
    ['borrows nothing when told so', 'like: false', { envFrom: ['migrate'] }],
    [
      'borrows from another Deployment',
      'like: { deployment: web, container: main }',
      { like: { deployment: 'web', container: 'main' } },
    ],
    [
      'plans apart where planning has secrets of its own',
      'planEnvFrom: [migrate]',
      { planApart: true, planEnvFrom: ['migrate'], envFrom: ['migrate'] },
    ],
    ['sets no lock timeout where it is off', 'lockTimeout: off', { lockTimeoutMs: 0 }],
    ['takes a lock timeout as a duration', 'lockTimeout: 1m', { lockTimeoutMs: 60_000 }],
  ])('a migration %s', (_what, line, wanted) => {
    const text = changed(pipelineText, '    envFrom: [migrate]\n', `    envFrom: [migrate]\n    ${line}\n`);
    const resolved = resolve({ pipeline: aPipeline(text) });
    expect(resolved.ok && resolved.spec.migrations[0]).toMatchObject(wanted);
    if (line === 'like: false') expect(resolved.ok && resolved.spec.migrations[0]).not.toHaveProperty('like');
  });

  it('looks for the Dockerfile in the build’s context', () => {
    const resolved = resolve();
    expect(resolved.ok && resolved.spec.components[0]?.build).toEqual({
      context: 'core',
      dockerfile: 'core/Dockerfile',
      args: { MODE: 'fast' },
    });
  });

  it('counts exceptions only in the environments they name', () => {
    const text = changed(pipelineText, 'expires: 2026-03-01', 'expires: 2026-12-31, environments: [staging]');
    const production = resolve({ pipeline: aPipeline(text) });
    expect(production.ok && production.spec.scan.exceptions).toEqual([]);
    expect(refusals(resolve({ pipeline: aPipeline(text), branch: 'develop' }))).toHaveLength(1);
  });

  it('knows its repository with and without `.git`, a slash at the end, and the host in capitals', () => {
    for (const repository of [
      'https://git.example.com/shop.git',
      'https://GIT.example.com/shop/',
      'https://git.example.com/shop',
    ]) {
      expect(refusals(resolve({ repository }))).toEqual([]);
    }
  });
});

describe('a release that the files do not allow', () => {
  it.each(loosened)('is refused with both lines: %s', (_, file, from, to, says) => {
    const resolved =
      file === 'pipeline'
        ? resolve({ pipeline: aPipeline(changed(pipelineText, from, to)) })
        : resolve({ policy: aPolicy(changed(policyText, from, to)) });
    expect(refusals(resolved)).toEqual(says);
    expect(!resolved.ok && resolved.code).toBe('SLIP-CFG-3');
  });

  it('hears every contradiction at once', () => {
    const text = changed(changed(pipelineText, 'quorum: 2', 'quorum: 1'), 'cluster: green', 'cluster: black');
    expect(refusals(resolve({ pipeline: aPipeline(text) }))).toHaveLength(2);
  });

  it('is refused when the time is not known and there are exceptions to measure', () => {
    expect(refusals(resolve({ now: Number.NaN }))).toHaveLength(1);
  });

  it('does not repeat credentials that the requester put into the repository', () => {
    const [said] = refusals(resolve({ repository: 'https://me:hunter2@git.example.com/other' }));
    expect(said).toContain('not from https://git.example.com/other');
    expect(said).not.toContain('hunter2');
  });
});

describe('a branch', () => {
  it('that is mapped nowhere is refused with the list of those that are', () => {
    const resolved = resolve({ branch: 'feature/x' });
    expect(refusals(resolved)).toEqual([
      '23:1 the branch `feature/x` is not released anywhere | mapped are: `develop`, `release/*` → staging; `main` → production',
    ]);
    expect(!resolved.ok && resolved.code).toBe('SLIP-CFG-4');
  });

  it('that is mapped to another environment than the one named is refused', () => {
    const resolved = resolve({ branch: 'develop', environment: 'production' });
    expect(refusals(resolved)).toEqual([
      '29:5 the branch `develop` is not released to `production` | mapped are: `develop`, `release/*` → staging; `main` → production',
    ]);
    expect(!resolved.ok && resolved.code).toBe('SLIP-CFG-4');
  });

  it('released to an environment that does not exist is refused with the near name', () => {
    expect(refusals(resolve({ environment: 'prodution' }))).toEqual([
      '23:1 there is no environment `prodution` | did you mean `production`?',
    ]);
    expect(resolve({ environment: '__proto__' }).ok).toBe(false);
  });

  it('that is mapped to several environments needs one of them named', () => {
    const pipeline = aPipeline(changed(pipelineText, 'branches: [main]', 'branches: [main, develop]'));
    const resolved = resolve({ pipeline, branch: 'develop' });
    expect(refusals(resolved)).toEqual([
      '23:1 the branch `develop` is released to `staging`, `production` | name the environment',
    ]);
    expect(!resolved.ok && resolved.code).toBe('SLIP-CFG-5');
    const named = resolve({ pipeline, branch: 'develop', environment: 'staging', now: newYear });
    expect(named.ok && named.spec.environment).toBe('staging');
  });
});
