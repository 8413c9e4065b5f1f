import { describe, expect, it } from '@jest/globals';
import type { EndpointSpec, HttpEndpoint, ReleasePlan } from '../../domain/contract/release.ts';
import { secondLooks } from '../../domain/second-looks.ts';
import { isShellLike, isSteeringVariable } from '../../domain/second-looks/what-runs.ts';
import { anImage } from './builders.ts';
import { aRichPlan } from './rich-plan.ts';

type Change = (plan: ReleasePlan) => void;

/** A plan in which nothing deserves a second look when it was so before. */
function aCalmPlan(): ReleasePlan {
  const { olderThanSchema: _, ...plan } = aRichPlan() as ReleasePlan;
  for (const migration of plan.migrations) migration.contracting = migration.unknown = [];
  for (const component of plan.components) delete component.given;
  return plan;
}

const looks = (change: Change, before = aCalmPlan()): string[] => {
  const plan = aCalmPlan();
  change(plan);
  return secondLooks(plan, before).map(({ what, why }) => `${what} | ${why}`);
};
const spec = (plan: ReleasePlan) => plan.migrationSpecs[0]!;
const endpoint = (plan: ReleasePlan) => plan.regions[0]!.endpoints[0] as HttpEndpoint;
/** An endpoint of the plan, by its kind. */
const ofKind = <Kind extends EndpointSpec['kind']>(plan: ReleasePlan, kind: Kind) =>
  plan.regions[0]!.endpoints.find((one) => one.kind === kind) as Extract<EndpointSpec, { kind: Kind }>;

const elsewhere = 'another host says whether the release is well';
const otherwise = 'another question says whether the release is well';
// prettier-ignore
const loosened: [string, Change, string][] = [
  ['another host of a port', (p) => (ofKind(p, 'tcp').host = 'other.test'), `mail, host: other.test, was mail.example.com | ${elsewhere}`],
  ['another port', (p) => (ofKind(p, 'grpc').port = 1), `catalogue, port: 1, was 50051 | ${elsewhere}`],
  ['a private host', (p) => (ofKind(p, 'certificate').host = '10.0.0.1'), 'certificate, host: 10.0.0.1 | it is inside'],
  ['another name', (p) => (ofKind(p, 'dns').domainName = 'other.test'), `that is looked up: other.test, was de.example.com | ${elsewhere}`],
  ['no TLS', (p) => (ofKind(p, 'grpc').tls = false), 'catalogue, TLS: no | whoever is in between can change what it answers'],
  ['another service', (p) => delete ofKind(p, 'grpc').service, `service: none, was shop.v1.Catalogue | ${otherwise}`],
  ['another type', (p) => (ofKind(p, 'dns').type = 'TXT'), `type of record: TXT, was A | ${otherwise}`],
  ['any record', (p) => delete ofKind(p, 'dns').oneOf, 'is gone | what was looked at before is not looked at any more'],
  ['any header', (p) => delete ofKind(p, 'http').headers!['x-version'], 'header x-version must be: "1.2" is gone | what was looked at'],
  ['any part of a header', (p) => delete ofKind(p, 'http').headers!['content-type'], 'header content-type must contain: json is gone | what was'],
  ['any JSON', (p) => delete ofKind(p, 'http').json, 'database.ready must be: yes is gone | what was looked at before'],
  ['another path of the same host', (p) => (endpoint(p).url = 'https://de.example.com/'), `address: https://de.example.com/, was https://de.example.com/health | ${otherwise}`],
  ['another status', (p) => (endpoint(p).status = 404), `health, status: 404, was 200 | ${otherwise}`],
  ['another text', (p) => (endpoint(p).contains = ' '), `health, must contain: " ", was ok | ${otherwise}`],
  ['another header', (p) => (endpoint(p).headers!['x-version'] = '1.1'), `header x-version must be: "1.1", was "1.2" | ${otherwise}`],
  ['another part of a header', (p) => (endpoint(p).headers!['content-type'] = { contains: 'text' }), `must contain: text, was json | ${otherwise}`],
  ['another JSON', (p) => (endpoint(p).json!['database.ready'] = false), `database.ready must be: no, was yes | ${otherwise}`],
  ['another query', (p) => (ofKind(p, 'graphql').query = '{ a }'), `query: "{ a }", was "{ shop { name } }" | ${otherwise}`],
  ['another answer to a query', (p) => (ofKind(p, 'graphql').expect['shop.count'] = 0), `shop.count must be: 0, was 3 | ${otherwise}`],
  ['more records', (p) => ofKind(p, 'dns').oneOf!.push('198.51.100.1'), 'must be one of: 198.51.100.1 | an answer is taken for a good one that was not'],
  ['a certificate that ends sooner', (p) => (ofKind(p, 'certificate').validForMs = 3_600_000), 'is valid for: 1 h, was 14 days | it is looked at less'],
];

const smoke = (plan: ReleasePlan) => plan.regions[0]!.smoke![0]!;
const smokeTest = 'de, smoke test checkout';
// prettier-ignore
const otherTests: [string, Change, string][] = [
  ['another command', (p) => (smoke(p).command = ['true']), `${smokeTest}, command: "true", was python -m smoke https://de.example.com | ${otherwise}`],
  ['another component', (p) => (smoke(p).component = 'web'), `${smokeTest}, image of component: web, was core | ${otherwise}`],
  ['another variable', (p) => (smoke(p).env['DEPTH'] = 'none'), `${smokeTest}, variable DEPTH: "none", was shallow | ${otherwise}`],
  ['one variable more', (p) => (smoke(p).env['SKIP'] = 'all'), `${smokeTest}, variable SKIP: all, was none | ${otherwise}`],
  ['one variable less', (p) => delete smoke(p).env['DEPTH'], `${smokeTest}, variable DEPTH: none, was shallow | ${otherwise}`],
];

const reach = 'in these regions alone';
const leaves = 'what runs of it there stays, and is released no more';
const comes = 'where it did not go before';
// prettier-ignore
const reached: [string, Change, string[]][] = [
  ['leaves a region', (p) => (p.components[0]!.regions = ['de']), [`core, ${reach}: de, was de, nl | it leaves nl: ${leaves}`]],
  ['comes to a region', (p) => (p.components[1]!.regions = ['de', 'nl']), [`web, ${reach}: de, nl, was de | it comes to nl, ${comes}`]],
  ['comes to all', (p) => delete p.components[1]!.regions, [`web, ${reach}: all, was de | it comes to nl, ${comes}`]],
  ['moves', (p) => (p.components[1]!.regions = ['nl']), [
    `web, ${reach}: nl, was de | it leaves de: ${leaves}`,
    `web, ${reach}: nl, was de | it comes to nl, ${comes}`,
  ]],
  ['goes where it went, and all is named by no list', (p) => delete p.components[0]!.regions, []],
  ['goes to a new region, which is told of the region', (p) => {
    p.regions.push({ ...p.regions[1]!, name: 'us' });
    p.components[1]!.regions = ['de', 'us'];
  }, []],
  ['is left by a region, which is told of the region', (p) => {
    p.regions.pop();
    p.components[0]!.regions = ['de'];
  }, []],
  ['is new', (p) => {
    p.components.push({ ...p.components[1]!, name: 'search', workloads: [] });
  }, []],
];

it.each(reached)('tells of a component that %s', (_how, change, wanted) => {
  expect(looks(change).filter((look) => look.includes(reach))).toEqual(wanted);
});

it('tells that a component leaves a region which went to all before', () => {
  const before = aCalmPlan();
  delete before.components[1]!.regions;
  expect(looks(() => {}, before)).toEqual([`web, ${reach}: de, was all | it leaves nl: ${leaves}`]);
});

it('calls no smoke test another one that is new, and no list narrower that takes fewer answers', () => {
  const isNew: Change = (p) => p.regions[0]!.smoke!.push({ ...smoke(p), name: 'returns' });
  expect(looks(isNew)).toEqual([]);
  expect(looks((p) => ofKind(p, 'dns').oneOf!.pop())).toEqual([]);
});

it('asks for no second look at what is as it was, but for a new image', () => {
  expect(looks(() => {})).toEqual([]);
  expect(looks((plan) => (plan.components[0]!.image = anImage('core', '9')))).toEqual([]);
});

describe('what deserves a second look', () => {
  it.each<[string, Change, string]>([
    [
      'a new secret',
      (p) => spec(p).envFrom.push('stripe'),
      'main, secrets: stripe | a new secret is given to what a release runs',
    ],
    [
      'a new secret of planning',
      (p) => spec(p).planEnvFrom.push('stripe'),
      'main, secrets of planning: stripe | a new secret is given to what runs before anybody approves',
    ],
    [
      'the secret of migrating given to planning',
      (p) => spec(p).planEnvFrom.push('migrate'),
      'gets a secret of what migrates',
    ],
    [
      'a command with a shell',
      (p) => (spec(p).commands.apply = ['sh', '-c', 'x']),
      'main, command that migrates: sh -c x | a shell or an interpreter',
    ],
    [
      'a command that a variable is put into, which may be a shell',
      (p) => (spec(p).commands.apply = ['$(APP)', '-c', 'x']),
      'main, command that migrates: $(APP) -c x | a shell or an interpreter',
    ],
    ['another command', (p) => spec(p).commands.apply.push('--fake'), 'another command is run with the secrets'],
    [
      'a variable that loads code',
      (p) => (spec(p).env['LD_PRELOAD'] = '/x.so'),
      'main, variable LD_PRELOAD: /x.so | this variable decides which code is run',
    ],
    [
      'Jobs like a Deployment of another component',
      (p) => (spec(p).like!.deployment = 'web'),
      'main, runs like Deployment: web | the Jobs get the secrets of a Deployment that is not of their component',
    ],
    [
      'Jobs like another Deployment of their component',
      (p) => (spec(p).like!.deployment = 'worker'),
      'the Jobs get the secrets of something else than before',
    ],
    [
      'planning with the secrets of what it is like',
      (p) => delete spec(p).planApart,
      'planning, before anybody approves, gets the secrets',
    ],
    [
      'a Deployment of another component',
      (p) => p.components[0]!.workloads.push({ deployment: 'web', containers: ['web'] }),
      'core, Deployments: web | this Deployment was of another component',
    ],
    [
      'a Deployment that nobody changed before',
      (p) => p.components[0]!.workloads.push({ deployment: 'billing', containers: ['x'] }),
      'core, Deployments: billing | no release that was verified here last',
    ],
    [
      'a private address',
      (p) => (endpoint(p).url = 'http://10.0.0.1/'),
      'de, endpoint health, address: http://10.0.0.1/ | it is inside',
    ],
    [
      'a metadata address',
      (p) => (endpoint(p).url = 'http://169.254.169.254/latest'),
      'a cloud gives out credentials there',
    ],
    [
      'another host',
      (p) => (endpoint(p).url = 'https://evil.example.com/health'),
      'another host says whether the release is well',
    ],
    [
      'another cluster',
      (p) => (p.regions[1]!.cluster = { kind: 'kubeconfig', file: '/other', context: 'nl' }),
      'nl, kubeconfig: /other, was /etc/slipway/nl | another cluster is changed',
    ],
    [
      'another role',
      (p) => ((p.regions[0]!.cluster as { roleArn?: string }).roleArn = 'arn:x'),
      'another cluster is changed, or as somebody else',
    ],
    [
      'another namespace',
      (p) => (p.regions[0]!.namespace = 'bank'),
      'de, namespace: bank, was shop | another namespace is changed',
    ],
    [
      'a new region',
      (p) => p.regions.push({ ...p.regions[1]!, name: 'us' }),
      'regions: us | a region is changed that was not before',
    ],
    ['a region left out', (p) => p.regions.pop(), 'regions: nl is gone'],
    [
      'another database',
      (p) => p.migrationSpecs.push({ ...spec(p), database: 'bank' }),
      'migration of bank | a database is migrated that was not before',
    ],
    ['a migration elsewhere', (p) => (spec(p).region = 'nl'), 'the Jobs of a migration run somewhere else'],
    [
      'a gate left out',
      (p) => p.gates.pop(),
      'gates: tests is gone | a gate that was passed before is not asked any more',
    ],
    [
      'a gate that did not pass',
      (p) => (p.gates[0]!.verdict = 'inconclusive'),
      'image scan: inconclusive | this gate has not passed',
    ],
    ['fewer people', (p) => (p.approval.quorum = 1), 'people: 1, was 2 | fewer people must approve'],
    ['nobody', (p) => (p.approval.required = false), 'required: no | a release like this one needs nobody'],
    [
      'other people',
      (p) => p.approval.groups.push('everybody'),
      'groups: everybody | people may approve who could not',
    ],
    ['more time', (p) => (p.approval.expiresMs *= 2), 'waits for: 2 days, was 1 day | an approval may come later'],
    [
      'the requester',
      (p) => (p.approval.excludeRequester = false),
      'whoever asks for a release may approve it as well',
    ],
    [
      'another way after a failure',
      (p) => (p.onFailure.partial = 'hold'),
      'what is deployed already: hold, was roll-back-all',
    ],
    [
      'a rollback that nobody confirms',
      (p) => (p.onFailure.confirm = false),
      'whether a person is asked before a rollback',
    ],
    [
      'going on without knowing',
      (p) => (p.onFailure.onInconclusive = 'go-on'),
      'a release goes on though nobody can tell',
    ],
    [
      'another way when seen broken',
      (p) => delete p.onBreach,
      'what the engine does without asking is not what it was',
    ],
    [
      'fewer endpoints',
      (p) => p.regions[0]!.endpoints.pop(),
      'de, endpoints: certificate is gone | an endpoint that was asked before',
    ],
    [
      'fewer smoke tests',
      (p) => p.regions[0]!.smoke!.pop(),
      'de, smoke tests after the deployment, not on the way back: search is gone | a smoke test that was run before',
    ],
    [
      'no smoke tests any more',
      (p) => delete p.regions[0]!.smoke,
      'de, smoke tests after the deployment, not on the way back: checkout is gone | a smoke test that was run before',
    ],
    [
      'a smoke test whose report nobody reads',
      (p) => delete p.regions[0]!.smoke![0]!.report,
      'de, smoke test checkout, report: junit is gone | what was looked at before',
    ],
    [
      'fewer good answers',
      (p) => (endpoint(p).successes = 1),
      'good answers in a row: 1, was 3 | it is looked at less than before',
    ],
    [
      'an answer that need not be right',
      (p) => delete (endpoint(p) as { contains?: string }).contains,
      'must contain: ok is gone | what was looked at before',
    ],
    ...loosened,
    ...otherTests,
    ['a shorter bake', (p) => (p.waves[0]!.stages[0]!.observe[0]!.forMs = 1_000), 'it is looked at less than before'],
    ['another branch', (p) => (p.branch = 'attack'), 'branch: attack, was main | it comes from another branch'],
    [
      'an image from another repository',
      (p) => (p.components[0]!.image = p.components[0]!.image.replace('shop/core', 'evil/core')),
      'core, repository: registry.test/evil/core | the image comes from another repository',
    ],
    [
      'an image that is not pinned',
      (p) => (p.components[0]!.image = 'registry.test/shop/core:latest'),
      'the image is not named by its digest',
    ],
    [
      'an image that somebody else has built',
      (p) => (p.components[0]!.origin = 'given'),
      'core, origin: given | somebody else has built this image',
    ],
    [
      'an image that was given to the release it is taken from',
      (p) => (p.components[0]!.given = true),
      'core, built by somebody else: yes | it was given to a release before, and no build here has made it',
    ],
    [
      'an image that is not promoted any more',
      (p) => (p.components[0]!.origin = 'built'),
      'core, origin: built, was promoted | what was verified last was promoted, and this image is not',
    ],
    [
      'images promoted from elsewhere',
      (p) => (p.promotion!.environment = 'dev'),
      'images promoted from: dev, was staging | images were verified elsewhere than those of before',
    ],
    [
      'older images',
      (p) => (p.promotion!.maxAgeMs! *= 2),
      'verified there no longer ago than: 28 days, was 14 days | images may have been verified longer ago than before',
    ],
    [
      'images of any age',
      (p) => delete (p.promotion as { maxAgeMs?: number }).maxAgeMs,
      'verified there no longer ago than: not there any more, was 14 days | images may have been verified longer ago than before',
    ],
    [
      'a contracting migration',
      (p) => (p.migrations[0]!.contracting = ['0003_b']),
      'contracting migration of main: 0003_b | the release before this one cannot live with it',
    ],
    [
      'a migration of which nobody can tell',
      (p) => (p.migrations[0]!.contracting = p.migrations[0]!.unknown = ['0003_b']),
      'nobody can tell whether the release before',
    ],
    [
      'a migration that could not be planned',
      (p) => (p.migrations[0]!.pending = ['*']),
      'what it will do could not be told before the approval',
    ],
    [
      'a downgrade',
      (p) => (p.olderThanSchema = aRichPlan().olderThanSchema),
      'downgrade: this code is older than the schema (main)',
    ],
    [
      'a field that nobody knows',
      (p) => ((p as unknown as Record<string, unknown>)['hook'] = 'x'),
      'hook: x | this program does not know this field',
    ],
    [
      'letters that look like others',
      (p) => (spec(p).env['MODE'] = 'fаst'),
      'main, variable MODE | it holds letters outside ASCII',
    ],
    ['signs that are not seen', (p) => (spec(p).env['MODE'] = 'fa\u202est'), 'it holds characters that cannot be seen'],
    [
      'a value longer than one reads',
      (p) => (spec(p).env['MODE'] = 'x'.repeat(501)),
      'main, variable MODE: 501 characters | it is longer than one reads',
    ],
  ])('is %s', (_, change, wanted) => {
    expect(looks(change)).toContainEqual(expect.stringContaining(wanted));
  });
});

it('is what a plan says of itself where there is no earlier one: nothing is called new', () => {
  const plan = aCalmPlan();
  expect(secondLooks(plan)).toEqual([]);
  spec(plan).commands.apply = ['bash', 'migrate.sh'];
  endpoint(plan).url = 'http://localhost/';
  expect(secondLooks(plan).map(({ what }) => what)).toEqual([
    'main, command that migrates: bash migrate.sh',
    'de, endpoint health, address: http://localhost/',
  ]);
});

it.each(['APP', 'DIRECTORY'])('is what %s is now, which the cluster puts into a command', (name) => {
  const before = aCalmPlan();
  spec(before).commands.apply = ['$(APP)', 'migrate'];
  Object.assign(spec(before).env, { APP: '$(DIRECTORY)/migrate', DIRECTORY: '/app', MODE: 'fast' });
  const now = structuredClone(before);
  Object.assign(spec(now).env, { [name]: '/bin/sh', MODE: 'slow' });
  expect(secondLooks(now, before).map(({ what, why }) => `${what} | ${why}`)).toEqual([
    expect.stringContaining(`main, variable ${name}: /bin/sh | this variable decides which code is run`),
  ]);
});

it('is a variable of a component that can do more than say something to it, and no other', () => {
  const before = aCalmPlan();
  const now = structuredClone(before);
  now.components[0]!.delivery = { kind: 'deployment-image', env: { LOG_LEVEL: 'debug', DATABASE_URL: 'postgres://x' } };
  expect(secondLooks(now, before).map(({ what, why }) => `${what} | ${why}`)).toEqual([
    'core, variable DATABASE_URL: postgres://x | this variable decides which code is run, or whom it talks to',
  ]);
});

it('stands once it was verified: what was so before is not a change', () => {
  const withShell = aCalmPlan();
  spec(withShell).commands.apply = ['sh', '-c', 'x'];
  expect(secondLooks(withShell, withShell)).toEqual([]);
});

it.each([
  [['python', 'manage.py', 'migrate'], false],
  [['python', 'manage.py', 'makemigrations', '--check', '--dry-run'], false],
  [['bundle', 'exec', 'rake', 'db:migrate'], false],
  [['sh', '-c', 'x'], true],
  [['/bin/bash', 'migrate.sh'], true],
  [['busybox', 'ash'], true],
  [['tini', '--', 'dash'], true],
  [['env', 'A=1', 'python'], true],
  [['python3.12', '-c', 'x'], true],
  [['python', '-Bc', 'x'], true],
  [['python', '-cimport os'], true],
  [['node', '--eval=x'], true],
  [['deno', 'eval', 'x'], true],
  [['xargs', 'rm'], true],
  [['$(APP)', '-c', 'curl x'], true],
  [['/bin/$(APP)', 'x'], true],
])('calls the command %j one that runs a text: %s', (command, isOne) => expect(isShellLike(command)).toBe(isOne));

it.each([
  ['LD_PRELOAD', true],
  ['LD_AUDIT', true],
  ['PYTHONPATH', true],
  ['NODE_OPTIONS', true],
  ['https_proxy', true],
  ['PATH', true],
  ['JAVA_TOOL_OPTIONS', true],
  ['DATABASE_URL', true],
  ['MODE', false],
  ['SHOP_NAME', false],
])('calls %s a variable that decides what runs or whom it talks to: %s', (name, isOne) =>
  expect(isSteeringVariable(name)).toBe(isOne),
);
