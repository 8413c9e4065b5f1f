import type { MigrationOutline, PlanOutline, ReadOutline } from './contract/outline.ts';
import { namesTold } from './contract/outline.ts';
import type { Artifact, PlannedMigration, ReleasePlan, ReleaseSpec } from './contract/release.ts';
import { unplanned } from './migration-plan.ts';

export function outlineOfPlan(plan: ReleasePlan, hash: string): PlanOutline {
  const { service, environment, branch, commit, waves, approval, onFailure, tags } = plan;
  return {
    hash,
    service,
    environment,
    branch,
    commit,
    components: plan.components.map(({ name, image, origin, needs }) => ({ name, image, origin, needs })),
    regions: plan.regions.map(({ name }) => name),
    waves,
    migrations: plan.migrations.map((planned) =>
      outlineOfMigration(planned, plan.migrationSpecs.find((m) => m.database === planned.database)?.timeoutMs),
    ),
    approval,
    onFailure,
    rolloutTimeoutMs: plan.rollout.timeoutMs,
    tags,
  };
}

export function outlineOfMigration(
  { database, region, component, pending, contracting }: PlannedMigration,
  timeoutMs = 0,
): MigrationOutline {
  return {
    database,
    region,
    component,
    pending: pending.slice(0, namesTold),
    count: pending.length,
    contracting: contracting.slice(0, namesTold),
    unplanned: pending.includes(unplanned),
    timeoutMs,
  };
}

export function outlineOfRead({
  spec,
  artifacts,
  toBuild,
}: {
  spec: ReleaseSpec;
  artifacts: Artifact[];
  toBuild: ReadOutline['toBuild'];
}): ReadOutline {
  const { images, secrets } = spec.scan;
  return {
    artifacts,
    toBuild,
    gates: { images, secrets, tests: spec.tests !== undefined },
    databases: spec.migrations.map(({ database }) => database),
    queue: spec.queue,
    notify: spec.notify,
    onInconclusive: spec.onFailure.onInconclusive ?? 'hold',
    holdMs: spec.onFailure.holdMs,
  };
}

/** The names told, and how many there are beside them. */
export function namesOf({ pending, count }: Pick<MigrationOutline, 'pending' | 'count'>): string {
  const more = count - pending.length;
  return more > 0 ? `${pending.join(', ')} and ${more} more` : pending.join(', ');
}
