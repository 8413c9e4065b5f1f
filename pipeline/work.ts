import { goesTo } from '../domain/components-in.ts';
import type { ComponentSpec, MigrationSpec } from '../domain/contract/release.ts';
import { hasComponent } from './deployed-where.ts';
import { durationMs } from './duration.ts';
import { orderByNeeds } from './order.ts';
import { withOverride } from './overrides.ts';
import type { EnvironmentFile, MigrationFile, PipelineFile } from './pipeline-schema.ts';

/** Components of one environment, each after those it needs. */
export function componentsOf({ components }: PipelineFile, environment: EnvironmentFile): ComponentSpec[] {
  const deployed = Object.keys(components).filter((name) => hasComponent(environment, name));
  return orderByNeeds(deployed, (name) => components[name]?.needs ?? []).map((name) => {
    const { needs = [], paths = [], image, build, workloads } = components[name]!;
    const spec: ComponentSpec = {
      name,
      needs: [...needs],
      paths: [...paths],
      image,
      workloads: workloads.map(({ deployment, containers }) => ({ deployment, containers: [...containers] })),
    };
    return withOverride(build === undefined ? spec : { ...spec, build: buildOf(build) }, environment.overrides?.[name]);
  });
}

function buildOf(build: NonNullable<PipelineFile['components'][string]['build']>) {
  const { context = '.', args = {} } = build;
  const dockerfile = build.dockerfile ?? (context === '.' ? 'Dockerfile' : `${context.replace(/\/$/, '')}/Dockerfile`);
  return { context, dockerfile, args: { ...args } };
}

/** Migrations that run in this environment: one per database, in the first of its regions by wave. */
export function migrationsOf(
  { migrations = [], components: all }: PipelineFile,
  regionsInOrder: readonly string[],
  components: readonly ComponentSpec[],
) {
  const here = migrations
    .filter(
      ({ region, component: name }) =>
        regionsInOrder.includes(region) && components.some((one) => one.name === name && goesTo(one, region)),
    )
    .sort((a, b) => regionsInOrder.indexOf(a.region) - regionsInOrder.indexOf(b.region));
  const first = new Map<string, MigrationFile>();
  for (const migration of here) if (!first.has(migration.database)) first.set(migration.database, migration);
  return [...first.values()].map((migration) => migrationOf(migration, all[migration.component]?.workloads[0]));
}

type Workload = PipelineFile['components'][string]['workloads'][number];

/** `workload`: the first one of the component, which runs the same code. */
function migrationOf(migration: MigrationFile, workload: Workload | undefined): MigrationSpec {
  const {
    database,
    region,
    component,
    commands,
    envFrom = [],
    env = {},
    planEnvFrom,
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
    ...likeOf(migration, workload),
    ...(planEnvFrom ? { planApart: true } : {}),
    envFrom: [...envFrom],
    planEnvFrom: [...(planEnvFrom ?? envFrom)],
    env: { ...env },
    lockTimeoutMs: lockTimeout === 'off' ? 0 : durationMs(lockTimeout),
    timeoutMs: durationMs(timeout),
  };
}

function likeOf({ like }: MigrationFile, workload: Workload | undefined): Pick<MigrationSpec, 'like'> {
  if (like === false) return {};
  if (like) return { like: { ...like } };
  const container = workload?.containers[0];
  return workload && container !== undefined ? { like: { deployment: workload.deployment, container } } : {};
}
