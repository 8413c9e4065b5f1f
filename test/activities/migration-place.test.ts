import { describe, expect, it } from '@jest/globals';
import { placeOf, placeOnRecord } from '../../activities/steps/migration-place.ts';
import type { MigrationSpec } from '../../domain/contract/release.ts';
import { aMigrationSpec, anImage, aPlan, aPlannedComponent, aRegion, aSpec } from '../domain/builders.ts';

const delivery = { kind: 'deployment-image' as const, env: { DB_SCHEMA: 'next', MODE: 'shop' } };
const workloads = [{ deployment: 'api', containers: ['api'] }];
const like = { deployment: 'api', container: 'api' };

describe('what a migration runs with', () => {
  it.each<[string, Partial<MigrationSpec>, Record<string, string>]>([
    [
      'the variables that the release brings, where it borrows from what is not deployed to yet',
      { like },
      { DB_SCHEMA: 'next', MODE: 'shop' },
    ],
    ['its own before them', { like, env: { MODE: 'migrate' } }, { DB_SCHEMA: 'next', MODE: 'migrate' }],
    ['its own alone, where it borrows nothing', { env: { MODE: 'migrate' } }, { MODE: 'migrate' }],
    ['its own alone, where it borrows from what is of no component', { like: { ...like, deployment: 'tools' } }, {}],
  ])('is %s, before the approval and after it', (_what, changes, env) => {
    const { like: _like, ...migration } = aMigrationSpec({ env: {} });
    const spec = { ...migration, ...changes };
    const components = [aPlannedComponent('core', { workloads, delivery })];
    const plan = aPlan({ components, migrationSpecs: [spec], regions: [aRegion('de')] });
    expect(placeOf(plan, spec.database).migration.env).toEqual(env);
    const read = aSpec({ migrations: [spec], regions: [aRegion('de')] });
    const ofSpec = read.components.map((component) => ({ ...component, workloads, delivery }));
    const contents = {
      spec: { ...read, components: ofSpec },
      artifacts: [{ component: 'core', image: anImage(), origin: 'built' as const }],
    };
    expect(placeOnRecord(contents as never, spec.database).migration.env).toEqual(env);
  });
});
