import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createDeploymentImage } from '../../activities/delivery/deployment-image.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import { createMigrationJobs } from '../../activities/migrations/job-migrations.ts';
import { createSmokeJobs } from '../../activities/smoke/job-smoke.ts';
import { createEngineSteps, type EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { createLookAtPlaces } from '../../activities/steps/look-at-places.ts';
import { createLookSteps } from '../../activities/steps/look-steps.ts';
import { createMigrationSteps } from '../../activities/steps/migration-steps.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { EndpointSpec, MigrationSpec, RegionSpec, WorkloadSpec } from '../../domain/contract/release.ts';
import { hostOfEndpoint } from '../../domain/endpoint-hosts.ts';
import type { JobResult, SandboxJob } from '../../lab/sandbox/region.ts';
import { aComponent, aMigrationSpec, aPlannedComponent, aSpec, anImage } from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing } from '../support/acting-release.ts';
import { useStepsWorld } from '../support/steps-world.ts';

/** What is found before anything is changed, and before anybody is asked. */

const nothingPending = ({ command }: SandboxJob): Promise<JobResult> =>
  Promise.resolve({ exitCode: 0, log: command[0] === 'plan' ? '{"pending":[]}\n' : '' });
const world = useStepsWorld({ runJob: nothingPending });
afterEach(() => world.region.region.faults.clear());

interface Wanted {
  workloads?: WorkloadSpec[];
  migration?: Partial<MigrationSpec> | 'none';
  regions?: RegionSpec[];
}

/** A release of a Deployment that is there, in a region that is, with a database whose Secrets are there: each test names something else. */
async function aRelease({ workloads: named, migration = {}, regions = [world.regionNamed('de')] }: Wanted = {}) {
  const { images } = world.region;
  const deployment = `core-${randomUUID().slice(0, 8)}`;
  const database = `db-${randomUUID().slice(0, 8)}`;
  await world.region.region.createDeployment(world.region.namespace, {
    name: deployment,
    container: 'api',
    image: images.good,
    replicas: 1,
  });
  await world.region.region.createSecret(world.region.namespace, database, {});
  const workloads = named ?? [{ deployment, containers: ['api'] }];
  const secrets = { envFrom: [database], planEnvFrom: [database] };
  const migrations = migration === 'none' ? [] : [aMigrationSpec({ database, ...secrets, ...migration })];
  const artifacts = [{ component: 'core', image: images.better, origin: 'given' as const }];
  const components = [aPlannedComponent('core', { workloads, image: images.better })];
  const release = await aReleaseThatMayAct(world.records, {
    plan: { components, regions, migrationSpecs: migrations },
    artifacts,
  });
  const { releaseId } = release.authority;
  const scan = { images: false, secrets: false, failOn: [], exceptions: [] };
  const spec = aSpec({ ...release.lane, components: [aComponent('core', { workloads })], regions, migrations, scan });
  await world.records.plans.keep(releaseId, 'read', { spec, artifacts, toBuild: [] });
  const look = (floor: Partial<EnvironmentFloor> = {}, attempt = 1) =>
    release.anActivity({ attempt }).run(steps(floor).lookAtRegions, { releaseId });
  /** As a run does it: first the regions, then the database, where there is one. */
  const plan = async (floor: Partial<EnvironmentFloor> = {}, attempt = 1) => {
    await look(floor, attempt);
    return release.anActivity({ attempt }).run(steps(floor).planMigration, { database, releaseId });
  };
  return { ...release, releaseId, deployment, database, look, plan };
}

function steps(floor: Partial<EnvironmentFloor> = {}) {
  const { kubernetes, region } = world;
  const registry = createRegistry();
  const deliveries = [createDeploymentImage({ kubernetes, registry, now: Date.now })];
  const jobs = createMigrationJobs({ clusters: region.clusters });
  const smoke = createSmokeJobs({ clusters: region.clusters });
  const verification = {
    isUnknown: async (endpoint: EndpointSpec) => hostOfEndpoint(endpoint)!.includes('nowhere'),
  };
  const deps = {
    ...authorizing(world.environment, floor),
    lookAtPlaces: createLookAtPlaces({ deliveries, jobs, smoke, verification }),
  };
  return {
    ...createLookSteps(deps),
    ...createMigrationSteps({ ...deps, jobs, pauses: [] }),
  };
}

/** As the engine says it of the plan. */
async function warningsOf({ act, releaseId }: Awaited<ReturnType<typeof aRelease>>): Promise<string[]> {
  const { verifier, floorOf } = authorizing(world.engine);
  const pipeline = { floorOf, policyProblem: () => Promise.resolve(undefined) };
  const registry = { resolve: () => Promise.resolve(anImage()) };
  const deps = { records: world.engine, pipeline, registry, verifier, now: () => 2_000 };
  const { planRelease } = createEngineSteps(deps as unknown as EngineDependencies);
  const { warnings, plan } = await act(planRelease, { releaseId });
  expect((await world.records.plans.find(plan.hash))?.migrations).not.toContainEqual(
    expect.objectContaining({ notes: expect.anything() }),
  );
  return warnings.filter((warning) => !warning.startsWith('a failure in'));
}

const jobsMade = () => world.region.region.effects().filter(({ kind }) => kind === 'Job').length;
const faults = () => world.region.region.faults;

describe('a plan', () => {
  it('is made where all that it names is there, and has nothing to say of it', async () => {
    const release = await aRelease();
    await release.plan();
    expect(await warningsOf(release)).toEqual([]);
  });

  it('is refused with every name that is wrong in any region, before any Job is made', async () => {
    const elsewhere = `empty-${randomUUID().slice(0, 8)}`;
    const release = await aRelease({
      regions: [world.regionNamed('de'), world.regionNamed('nl', { namespace: elsewhere })],
      workloads: [
        { deployment: 'wrker', containers: ['api'] },
        { deployment: 'worker-of-the-look', containers: ['apo'] },
      ],
      migration: { planEnvFrom: ['no-such-secret'], like: { deployment: 'nobody-borrows', container: 'api' } },
    });
    await world.region.region.createDeployment('shop', {
      name: 'worker-of-the-look',
      container: 'api',
      image: world.region.images.good,
      replicas: 1,
    });
    const before = jobsMade();
    const refused = await release.plan().catch((error: unknown) => error);
    expect(refused).toMatchObject({ details: { code: 'SLIP-K8S-25', kind: 'terminal', blame: 'release' } });
    const { detail } = (refused as { details: { detail: string } }).details;
    expect(detail).toMatch(/de: Deployment shop\/wrker does not exist/);
    expect(detail).toContain('de: Deployment shop/worker-of-the-look has no container apo: did you mean `api`?');
    expect(detail).toMatch(/de: Deployment shop\/nobody-borrows does not exist/);
    expect(detail).toContain('de: Secret shop/no-such-secret does not exist');
    for (const name of ['wrker', 'worker-of-the-look'])
      expect(detail).toContain(
        `nl: Deployment ${elsewhere}/${name} does not exist: there is no Deployment in this namespace`,
      );
    expect(jobsMade()).toBe(before);
  });

  it('is refused also where no Job may look at a database before the approval', async () => {
    const release = await aRelease({ workloads: [{ deployment: 'wrker', containers: ['api'] }] });
    await expect(release.plan({ planMigrationsBeforeApproval: false })).rejects.toMatchObject({
      details: { code: 'SLIP-K8S-25' },
    });
  });

  it('is refused where a region with smoke tests does not let their Jobs be made, and another is not asked about it', async () => {
    const smoke = [{ name: 'checkout', component: 'core', command: ['smoke'], env: {}, timeoutMs: 60_000 }];
    const elsewhere = `smoke-${randomUUID().slice(0, 8)}`;
    const regions = [world.regionNamed('de'), world.regionNamed('nl', { namespace: elsewhere, smoke })];
    const release = await aRelease({ regions });
    const { images, region } = world.region;
    await region.createDeployment(elsewhere, {
      name: release.deployment,
      container: 'api',
      image: images.good,
      replicas: 1,
    });
    faults().forbid({ verb: 'delete', kind: 'Job', namespace: elsewhere });
    await expect(release.plan()).rejects.toMatchObject({
      details: {
        code: 'SLIP-K8S-26',
        detail: `nl: the Role in the namespace ${elsewhere} lacks { apiGroups: [batch], resources: [jobs], verbs: [delete] }`,
      },
    });
  });

  it('is refused with the rules of all rights that are missing, and the operator can mend that', async () => {
    const release = await aRelease();
    faults().forbid({ verb: 'patch', kind: 'Deployment', name: release.deployment });
    faults().forbid({ verb: 'create', kind: 'Job' });
    faults().forbid({ verb: 'get', kind: 'Pod', subresource: 'log' });
    await expect(release.plan()).rejects.toMatchObject({
      details: {
        code: 'SLIP-K8S-26',
        blame: 'operator',
        detail: [
          'de: the Role in the namespace shop lacks { apiGroups: [apps], resources: [deployments], verbs: [patch] }',
          'de: the Role in the namespace shop lacks { apiGroups: [batch], resources: [jobs], verbs: [create] }',
          "de: the Role in the namespace shop lacks { apiGroups: [''], resources: [pods/log], verbs: [get] }",
        ].join('; '),
      },
    });
    faults().clear();
    await release.plan();
  });

  it('does not take for missing what nobody lets us look at: it is told with the plan, and is no part of it', async () => {
    const release = await aRelease();
    faults().forbid({ kind: 'Secret' });
    faults().forbid({ kind: 'SelfSubjectAccessReview' });
    await release.plan();
    expect(await warningsOf(release)).toEqual([
      `de: our rights in the namespace shop, Secret shop/${release.database}: not looked at before the release, as the cluster does not let us`,
    ]);
  });

  it('tells of an endpoint whose name nobody knows as yet, and waits for none', async () => {
    const endpoint = { kind: 'http', name: 'front page', status: 200, successes: 1, timeoutMs: 1_000 } as const;
    const release = await aRelease({
      regions: [world.regionNamed('de', { endpoints: [{ ...endpoint, url: 'https://nowhere.test/' }] })],
    });
    await release.plan();
    expect(await warningsOf(release)).toEqual([
      'de: the endpoint front page is at nowhere.test, a name that nobody knows as yet',
    ]);
  });

  it('waits a moment for a region that is away, and says nothing of what is there', async () => {
    const release = await aRelease({ workloads: [{ deployment: 'wrker', containers: ['api'] }] });
    faults().unreachable(true);
    await expect(release.plan()).rejects.toMatchObject({ details: { code: 'SLIP-K8S-10', kind: 'retryable' } });
    faults().unreachable(false);
    await expect(release.plan()).rejects.toMatchObject({ details: { code: 'SLIP-K8S-25' } });
  });

  it('is made without a region that stays away, and says so: it keeps no other from being released to', async () => {
    const release = await aRelease({ migration: { commands: { apply: ['migrate'] } } });
    faults().unreachable(true);
    await release.plan({}, 3);
    faults().unreachable(false);
    expect(await warningsOf(release)).toEqual([expect.stringMatching(/^de: could not be looked at: .*fetch failed/)]);
  });

  it('is not made while no worker knows the way to a region: that is for the operator to mend', async () => {
    const nowhere = { cluster: { kind: 'kubeconfig', file: '/no/such/kubeconfig' } } as const;
    const release = await aRelease({ regions: [world.regionNamed('de'), world.regionNamed('nl', nowhere)] });
    await expect(release.plan({}, 3)).rejects.toMatchObject({ details: { code: 'SLIP-K8S-11', blame: 'operator' } });
  });

  it('is not made while a region refuses our credentials: that is for the operator to mend', async () => {
    const release = await aRelease();
    faults().failNext({ kind: 'Deployment' }, 401, Infinity);
    await expect(release.plan({}, 3)).rejects.toMatchObject({ details: { code: 'SLIP-K8S-5', blame: 'operator' } });
  });

  it('does not wait for a region where another shows already that it cannot be', async () => {
    const nowhere = { cluster: { kind: 'kubeconfig', file: '/no/such/kubeconfig' } } as const;
    const release = await aRelease({
      regions: [world.regionNamed('de'), world.regionNamed('nl', nowhere)],
      workloads: [{ deployment: 'wrker', containers: ['api'] }],
    });
    await expect(release.plan()).rejects.toMatchObject({
      details: {
        code: 'SLIP-K8S-25',
        detail: expect.stringMatching(/wrker does not exist.*; nl: could not be looked at/),
      },
    });
  });

  it('is the same when two look at once', async () => {
    const release = await aRelease({ migration: { commands: { apply: ['migrate'] } } });
    const [one, two] = await Promise.all([release.plan(), release.plan()]);
    expect(one).toEqual(two);
  });
});

describe('a release without a database', () => {
  it('is looked at as any other, before anybody approves', async () => {
    const wrong = [{ deployment: 'wrker', containers: ['api'] }];
    const release = await aRelease({ migration: 'none', workloads: wrong });
    await expect(release.look()).rejects.toMatchObject({
      details: { code: 'SLIP-K8S-25', detail: expect.stringContaining('wrker does not exist') },
    });
  });

  it('has nothing to say of it where all is there', async () => {
    const release = await aRelease({ migration: 'none' });
    await release.look();
    expect(await warningsOf(release)).toEqual([]);
  });
});

it('a plan that was made without a look says so', async () => {
  const release = await aRelease({ migration: 'none' });
  expect(await warningsOf(release)).toEqual([
    'no region was looked at before this plan was made: what it names may not be there',
  ]);
});

it('what was looked at before the approval is not looked at again in the middle of a release', async () => {
  const { act, authority, database, releaseId } = await aRelease({
    workloads: [{ deployment: 'wrker', containers: ['api'] }],
  });
  await act(steps().planMigration, { database, releaseId, authority });
});
