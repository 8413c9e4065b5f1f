import { describe, expect, it } from '@jest/globals';
import { applyJob, lookJob } from '../../activities/steps/migration-jobs.ts';
import { placeOf, placeOnRecord } from '../../activities/steps/migration-place.ts';
import type { MigrationSpec, PlannedComponent, ReleasePlan } from '../../domain/contract/release.ts';
import {
  aComponent,
  aHash,
  aMigrationSpec,
  anImage,
  aPlan,
  aPlannedComponent,
  aRegion,
  aReleaseId,
  aSpec,
} from '../domain/builders.ts';
import { policyAround } from '../support/policy-around.ts';

const env = { DB_SCHEMA: 'next', MODE: 'shop' };
const lending = {
  workloads: [
    { deployment: 'worker', containers: ['worker'] },
    { deployment: 'api', containers: ['api', 'cron'] },
  ],
  delivery: { kind: 'deployment-image' as const, env },
};
const like = { deployment: 'api', container: 'api' };
const own = { MODE: 'migrate' };

function aMigration(changes: Partial<MigrationSpec>): MigrationSpec {
  const { like: _like, ...migration } = aMigrationSpec({ env: own });
  return { ...migration, ...changes };
}

/** The migration's own component is `core`. */
function aPlanOf(migration: MigrationSpec, lender: Partial<PlannedComponent> = lending): ReleasePlan {
  const components = [aPlannedComponent('core'), aPlannedComponent('api', lender)];
  return aPlan({ components, migrationSpecs: [migration], regions: [aRegion('de'), aRegion('nl')] });
}

describe('what a release brings to what its migration borrows from', () => {
  const { delivery: _delivery, ...withoutVariables } = lending;
  it.each<[string, Partial<MigrationSpec>, Partial<PlannedComponent>, Record<string, string> | undefined]>([
    ['the variables of the component, which is not deployed to yet', { like }, lending, env],
    ['the same in each container that it delivers to', { like: { ...like, container: 'cron' } }, lending, env],
    ['nothing in another container of that Deployment', { like: { ...like, container: 'proxy' } }, lending, undefined],
    ['nothing in a container of another of its Deployments', { like: { ...like, container: 'worker' } }, lending, undefined], // prettier-ignore
    ['nothing in a Deployment of no component', { like: { ...like, deployment: 'tools' } }, lending, undefined],
    ['nothing where it borrows nothing', {}, lending, undefined],
    ['that nothing is, where the component has no variables', { like }, withoutVariables, {}],
    ['the variables of a component that goes to its region', { like }, { ...lending, regions: ['nl', 'de'] }, env],
    ['nothing of a component that goes to other regions', { like }, { ...lending, regions: ['nl'] }, undefined],
  ])('is %s, before the approval and after it', (_what, changes, lender, brought) => {
    const migration = aMigration(changes);
    const plan = aPlanOf(migration, lender);
    const components = [aComponent('core'), { ...aComponent('api'), ...lender }];
    const contents = {
      spec: aSpec({ components, migrations: [migration], regions: plan.regions }),
      artifacts: plan.components.map(({ name: component, image, origin }) => ({ component, image, origin })),
    };
    const place = { migration, region: plan.regions[0], image: anImage(), ...(brought && { brought }) };
    expect(placeOf(plan, migration.database)).toEqual(place);
    expect(placeOnRecord(contents, migration.database)).toEqual(place);
  });
});

describe('what a Job of a migration is asked to run with', () => {
  const bounds = (plan: ReleasePlan) => policyAround(plan).services[plan.service]!;
  const authority = { releaseId: aReleaseId(), subject: aReleaseId(), planHash: aHash(), ticket: { incarnation: 1, n: 1 } }; // prettier-ignore
  const applying = (plan: ReleasePlan) => applyJob(plan, { database: 'main', authority }, bounds(plan));
  const looking = (plan: ReleasePlan) =>
    lookJob(
      placeOf(plan, 'main'),
      { purpose: 'plan', command: ['plan'], releaseId: aReleaseId(), nth: 0, lookOf: 'x' },
      bounds(plan),
    );

  it('is what the release brings beside its own variables, so that each keeps its rank', () => {
    const plan = aPlanOf(aMigration({ like }));
    for (const job of [applying(plan), looking(plan)]) expect(job).toMatchObject({ like, brought: env, env: own });
  });

  it('is nothing of what the release brings where planning is apart', () => {
    const plan = aPlanOf(aMigration({ like, planApart: true }));
    const apart = looking(plan);
    expect(apart).toMatchObject({ like: { ...like, only: 'place' }, env: own });
    expect(apart).not.toHaveProperty('brought');
    expect(applying(plan)).toMatchObject({ like, brought: env });
  });

  it('says nothing of what nobody brings: such a Job is the same as that of any version', () => {
    const plan = aPlanOf(aMigration({ like }), { ...lending, regions: ['nl'] });
    for (const job of [applying(plan), looking(plan)]) expect(Object.keys(job)).not.toContain('brought');
  });
});
