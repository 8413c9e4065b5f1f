import { describe, expect, it } from '@jest/globals';
import type { ServiceBounds } from '../../domain/contract/policy.ts';
import type { EndpointSpec, ReleasePlan } from '../../domain/contract/release.ts';
import { changesLoading } from '../../domain/loading-variables.ts';
import { isSteeringVariable } from '../../domain/second-looks/what-runs.ts';
import { fitsAny } from '../../domain/patterns.ts';
import { refuseBeyondPolicy, refusePlaceBeyondPolicy } from '../../domain/plan-bounds.ts';
import { policyAround } from '../support/policy-around.ts';
import { aMigrationSpec, anImage, aPlan, aPlannedComponent, aRegion } from './builders.ts';

const patience = { name: 'front page', successes: 1, timeoutMs: 1 };
const endpoint: EndpointSpec = { kind: 'http', url: 'https://shop.test/', status: 200, ...patience };
const like = { deployment: 'core', container: 'core' };
const smoke = [{ name: 'checkout', component: 'core', command: ['smoke'], env: {}, timeoutMs: 1_000 }];
const plan = aPlan({
  regions: [aRegion('de', { endpoints: [endpoint], smoke })],
  migrationSpecs: [aMigrationSpec({ like })],
});
const around = policyAround(plan);
const bounds = around.services['shop']!;

/** Against a policy that says otherwise of the service. */
const under = (changes: Partial<ServiceBounds>, other: Partial<ReleasePlan> = {}) =>
  refuseBeyondPolicy({ ...plan, ...other }, { ...around, services: { shop: { ...bounds, ...changes } } });
const withMigration = (changes: Parameters<typeof aMigrationSpec>[0]) => ({
  migrationSpecs: [aMigrationSpec({ like, ...changes })],
});

describe('a plan, held against the policy where it acts', () => {
  it('passes when the policy names everything that it names', () => {
    expect(refuseBeyondPolicy(plan, around)).toBeUndefined();
  });

  it.each<[string, Partial<ServiceBounds>, RegExp]>([
    ['its namespace', { namespaces: ['other'] }, /^de is in the namespace shop/],
    ['its Deployment', { workloads: ['cor'] }, /^core is deployed to core/],
    ['its repository', { images: ['shop/other'] }, /^the image of core is registry\.test\/shop\/core@/],
    ['its registry', { registry: 'other.test', imagesFrom: [] }, /^the image of core is/],
    ['the host of its endpoint', { endpointHosts: ['*.test.org'] }, /^the endpoint front page of de is at shop\.test/],
    [
      'the secret it is applied with',
      { secrets: { plan: ['database-read-only'], apply: [] } },
      /applied with the secret database:/,
    ],
    [
      'the secret it is planned with',
      { secrets: { plan: ['database'], apply: ['database'] } },
      /planned with the secret database-read-only/,
    ],
  ])('is refused when the policy does not name %s any more', (_what, changes, reason) => {
    expect(under(changes)).toMatch(reason);
  });

  const promoted = { environment: 'staging', releaseId: 'release/shop/staging/a/1' };
  const promoting = (environment: string) => ({
    components: [aPlannedComponent('core', { origin: 'promoted', promoted: { ...promoted, environment } })],
  });

  it.each<[string, Partial<ReleasePlan>, string | undefined]>([
    ['promoted from where it says', promoting('staging'), undefined],
    ['promoted from the other place that it says', promoting('canary'), undefined],
    ['promoted from elsewhere', promoting('dev'), 'core is promoted from dev, and not promoted from staging or canary'],
    ['built', {}, 'core is built, and not promoted from staging or canary'],
    [
      'said to be promoted, from nowhere',
      { components: [aPlannedComponent('core', { origin: 'promoted' })] },
      'core is promoted, and not promoted from staging or canary',
    ],
    [
      'given, with a word of where it was promoted from',
      { components: [aPlannedComponent('core', { origin: 'given', promoted })] },
      'core is given from staging, and not promoted from staging or canary',
    ],
    [
      'promoted beside one that stays',
      { components: [...promoting('staging').components, aPlannedComponent('core', { origin: 'unchanged' })] },
      'core is unchanged, and not promoted from staging or canary',
    ],
  ])('is held, where images must be promoted, to what is %s', (_what, other, reason) => {
    const refused = refuseBeyondPolicy({ ...plan, ...other }, { ...around, promotedFrom: ['staging', 'canary'] });
    expect(refused).toBe(reason && `${reason}: the operator's policy does not let shop do that in production`);
    // Where it may act has nothing to do with it: nobody is kept from going back.
    expect(refusePlaceBeyondPolicy({ ...plan, ...other }, { ...around, promotedFrom: ['other'] })).toBeUndefined();
  });

  it('is held to the gates that are asked for there: one that has not been through all of them does nothing', () => {
    const tool = { run: ['lint', '{tree}', '{report}'], failOn: [], timeoutMs: 1, exitCodes: [0], places: [] };
    const asked = { ...around, gates: { 'static-analysis': tool } };
    const through = { ...plan, gates: [{ gate: 'static-analysis', verdict: 'pass' as const, summary: '' }] };
    expect(refuseBeyondPolicy(through, asked)).toBeUndefined();
    expect(refuseBeyondPolicy(plan, asked)).toMatch(/^it has not been through the gate static-analysis: /);
  });

  const day = 86_400_000;
  it.each<[string, Partial<ReleasePlan>, string | undefined]>([
    ['as long', { ...promoting('staging'), promotion: { environment: 'staging', maxAgeMs: 14 * day } }, undefined],
    [
      'longer',
      { ...promoting('staging'), promotion: { environment: 'staging', maxAgeMs: 15 * day } },
      'it promotes images of an age of up to 15 days, and not of at most 14 days',
    ],
    ['any time', promoting('staging'), 'it promotes images of any age, and not of at most 14 days'],
    ['nothing, since it promotes nothing', {}, undefined],
  ])('is held, where the age of what is promoted is bound, to it: %s', (_what, other, reason) => {
    const refused = refuseBeyondPolicy({ ...plan, ...other }, { ...around, promotedWithinMs: 14 * day });
    expect(refused).toBe(reason && `${reason}: the operator's policy does not let shop do that in production`);
  });

  it.each<[EndpointSpec, string]>([
    [{ kind: 'tcp', host: 'evil.test', port: 25, ...patience }, 'evil.test:25'],
    [{ kind: 'grpc', host: 'evil.test', port: 1, tls: true, ...patience }, 'evil.test:1'],
    [{ kind: 'certificate', host: '[::1]', port: 443, validForMs: 1, ...patience }, '[::1]:443'],
    [{ kind: 'dns', domainName: 'evil.test', type: 'A', ...patience }, 'evil.test'],
    [{ kind: 'tcp', host: 'evil.test#shop.test', port: 25, ...patience }, 'no host:25'],
    [{ kind: 'tcp', host: 'shop.test:80', port: 25, ...patience }, 'no host:25'],
  ])('is refused when it asks anybody whom the policy does not name, whatever the kind: %j', (asked, where) => {
    const regions = [aRegion('de', { endpoints: [asked] })];
    expect(under({}, { regions })).toContain(`the endpoint front page of de is at ${where}: the operator's policy`);
  });

  it.each<EndpointSpec>([
    { kind: 'tcp', host: 'shop.test', port: 25, ...patience },
    { kind: 'tcp', host: 'SHOP.test', port: 25, ...patience }, // what is held against the policy is what is asked
    { kind: 'dns', domainName: 'shop.test', type: 'A', ...patience },
  ])('passes when it asks whom the policy names: %j', (asked) => {
    expect(under({}, { regions: [aRegion('de', { endpoints: [asked] })] })).toBeUndefined();
  });

  it('is refused its smoke tests where the policy does not say that there may be any, and goes back all the same', () => {
    expect(under({ smoke: false })).toMatch(
      /^de is tested by the Job checkout: the operator's policy does not let shop/,
    );
    const { smoke: _allowed, ...silent } = bounds;
    const policy = { ...around, services: { shop: silent } };
    expect(refuseBeyondPolicy(plan, policy)).toMatch(/^de is tested by the Job checkout/);
    expect(refusePlaceBeyondPolicy(plan, policy)).toBeUndefined();
  });

  it('is refused a smoke test that sets a variable which changes how programs load, unless the policy names it', () => {
    const loading = [{ ...smoke[0]!, env: { PYTHONPATH: '/tmp' } }];
    const regions = [aRegion('de', { smoke: loading })];
    expect(under({}, { regions })).toMatch(/^the smoke test checkout of de sets PYTHONPATH, which changes/);
    expect(under({ variables: ['PYTHONPATH'] }, { regions })).toBeUndefined();
  });

  it('is refused a component that sets such a variable, unless the policy names it, and may set all others', () => {
    const setting = (env: Record<string, string>) => ({
      components: [aPlannedComponent('core', { delivery: { kind: 'deployment-image', env } })],
    });
    expect(under({}, setting({ NODE_OPTIONS: '--inspect' }))).toMatch(/^core sets NODE_OPTIONS, which changes/);
    expect(under({ variables: ['NODE_OPTIONS'] }, setting({ NODE_OPTIONS: '--inspect' }))).toBeUndefined();
    expect(under({}, setting({ LOG_LEVEL: 'debug' }))).toBeUndefined();
  });

  it('is refused in a cluster that was taken out of the policy, or that it reaches in another way since', () => {
    expect(refuseBeyondPolicy(plan, { ...around, clusters: [] })).toMatch(
      /^de is in the cluster of \/etc\/slipway\/de/,
    );
    const other = aRegion('de', { cluster: { kind: 'kubeconfig', file: '/etc/slipway/de', context: 'admin' } });
    expect(under({}, { regions: [other] })).toMatch(/\(admin\)/);
  });

  it('is refused when the policy does not let the service in', () => {
    expect(refuseBeyondPolicy(plan, { ...around, services: {} })).toBe('the policy does not let shop into production');
    expect(refuseBeyondPolicy({ ...plan, service: 'constructor' }, around)).toMatch(/does not let constructor/);
  });

  it('takes an image from elsewhere only where the policy says that images may come from there', () => {
    const elsewhere = {
      components: [aPlannedComponent('core', { image: anImage().replace('registry.test', 'ghcr.io') })],
    };
    expect(under({}, elsewhere)).toMatch(/ghcr\.io/);
    expect(under({ imagesFrom: ['ghcr.io/shop'] }, elsewhere)).toBeUndefined();
    expect(under({ imagesFrom: ['ghcr.io/sho'] }, elsewhere)).toMatch(/ghcr\.io/);
  });

  it('takes no image of another service out of the own registry, whatever is said of images from elsewhere', () => {
    const foreign = { components: [aPlannedComponent('core', { image: anImage('payments') })] };
    expect(under({ images: ['shop/core'], imagesFrom: ['registry.test'] }, foreign)).toMatch(/shop\/payments/);
  });

  it('asks for no secret for planning where nothing only looks', () => {
    expect(
      under({ secrets: { plan: [], apply: ['database'] } }, withMigration({ commands: { apply: ['migrate'] } })),
    ).toBeUndefined();
  });

  it('is refused when a migration borrows from a Deployment that the policy does not name', () => {
    const payments = withMigration({ like: { deployment: 'payments', container: 'api' } });
    expect(under({}, payments)).toMatch(/borrows from payments/);
  });

  it('is refused when a migration sets what changes how programs load, unless the policy names it', () => {
    const loading = withMigration({ env: { MODE: 'x', LD_PRELOAD: '/tmp/x.so' } });
    expect(under({}, loading)).toMatch(/sets LD_PRELOAD/);
    expect(under({ variables: ['LD_PRELOAD'] }, loading)).toBeUndefined();
  });
});

describe('a name in the policy', () => {
  it.each<[string, string[], boolean]>([
    ['api', ['api'], true],
    ['api-2', ['api'], false],
    ['shop-api', ['shop-*'], true],
    ['shop', ['shop-*'], false],
    ['anything', ['*'], true],
    ['shop/core', ['*'], false],
    ['shop/core', ['shop/*'], true],
    ['shop/core/other', ['shop/*'], false],
    ['api', [], false],
    ['a*', ['a*'], true],
    ['api', ['a*i'], false],
  ])('%s under %j: %s', (name, patterns, fits) => {
    expect(fitsAny(name, patterns)).toBe(fits);
  });
});

describe('a variable that changes how programs load', () => {
  const loading = [
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'LD_AUDIT',
    'DYLD_INSERT_LIBRARIES',
    'PYTHONPATH',
    'PYTHONSTARTUP',
    'PYTHONHOME',
    'NODE_OPTIONS',
    'NODE_PATH',
    'RUBYOPT',
    'PERL5OPT',
    'JAVA_TOOL_OPTIONS',
    'BASH_ENV',
    'ENV',
    'PATH',
    'GCONV_PATH',
    'DOTNET_STARTUP_HOOKS',
    'CORECLR_PROFILER_PATH',
    'OPENSSL_CONF',
    'SSL_CERT_FILE',
    'PHP_INI_SCAN_DIR',
    'COR_PROFILER',
    'ERL_FLAGS',
    'LOCPATH',
    'R_PROFILE',
    'SHELLOPTS',
    'TCLLIBPATH',
  ];

  it.each(loading)('is %s', (name) => {
    expect(changesLoading(name)).toBe(true);
    expect(changesLoading(name.toLowerCase())).toBe(true);
  });

  it.each(loading)('is %s, and whoever approves is shown it as well', (name) => {
    expect(isSteeringVariable(name)).toBe(true);
    expect(isSteeringVariable(name.toLowerCase())).toBe(true);
  });

  it.each(['MODE', 'PYTHONUNBUFFERED', 'PYTHONDONTWRITEBYTECODE', 'DATABASE_URL', 'PGOPTIONS', 'NODE_ENV', 'MY_PATH'])(
    'is not %s',
    (name) => {
      expect(changesLoading(name)).toBe(false);
    },
  );
});
