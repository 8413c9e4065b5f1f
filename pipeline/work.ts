import type { ComponentSpec, MigrationSpec } from '../domain/contract/release.ts';
import { durationMs } from './duration.ts';
import { orderByNeeds } from './order.ts';
import type { EnvironmentFile, MigrationFile, PipelineFile } from './pipeline-schema.ts';

/** Components of one environment, each after those it needs. */
export function componentsOf({ components }: PipelineFile, environment: EnvironmentFile): ComponentSpec[] {
  const deployed = Object.keys(components).filter((name) => environment.components?.includes(name) ?? true);
  return orderByNeeds(deployed, (name) => components[name]?.needs ?? []).map((name) => {
    const { needs = [], paths = [], image, build, workloads } = components[name]!;
    const spec: ComponentSpec = {
      name,
      needs: [...needs],
      paths: [...paths],
      image,
      workloads: workloads.map(({ deployment, containers }) => ({ deployment, containers: [...containers] })),
    };
    return build === undefined ? spec : { ...spec, build: buildOf(build) };
  });
}

function buildOf(build: NonNullable<PipelineFile['components'][string]['build']>) {
  const { context = '.', args = {} } = build;
  const dockerfile = build.dockerfile ?? (context === '.' ? 'Dockerfile' : `${context.replace(/\/$/, '')}/Dockerfile`);
  return { context, dockerfile, args: { ...args } };
}

/** Migrations that run in this environment: one per database, in the first of its regions by wave. */
export function migrationsOf(
  { migrations = [] }: PipelineFile,
  regionsInOrder: readonly string[],
  components: readonly string[],
) {
  const here = migrations
    .filter(({ region, component }) => regionsInOrder.includes(region) && components.includes(component))
    .sort((a, b) => regionsInOrder.indexOf(a.region) - regionsInOrder.indexOf(b.region));
  const first = new Map<string, MigrationFile>();
  for (const migration of here) if (!first.has(migration.database)) first.set(migration.database, migration);
  return [...first.values()].map(migrationOf);
}

function migrationOf(migration: MigrationFile): MigrationSpec {
  const {
    database,
    region,
    component,
    commands,
    envFrom = [],
    env = {},
    lockTimeout = '5s',
    timeout = '30m',
  } = migration;
  const { plan, modelsWithoutMigration, apply, verify } = commands;
  return {
    database,
    region,
    component,
    commands: {
      ...(plan ? { plan: [...plan] } : {}),
      ...(modelsWithoutMigration ? { modelsWithoutMigration: [...modelsWithoutMigration] } : {}),
      apply: [...apply],
      ...(verify ? { verify: [...verify] } : {}),
    },
    envFrom: [...envFrom],
    planEnvFrom: [...(migration.planEnvFrom ?? envFrom)],
    env: { ...env },
    lockTimeoutMs: durationMs(lockTimeout),
    timeoutMs: durationMs(timeout),
  };
}
