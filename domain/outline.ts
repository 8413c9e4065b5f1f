import type { MigrationOutline, PlanOutline, ReadOutline } from './contract/outline.ts';
import { namesTold } from './contract/outline.ts';
import type {
  Artifact,
  NamelessTarget,
  NotifySpec,
  PlannedMigration,
  ReleasePlan,
  ReleaseSpec,
} from './contract/release.ts';
import { unplanned } from './migration-plan.ts';
import { gapsInWords } from './schema-age.ts';

/** By component, regions. `putBack`: where something else may run than what is verified there. `otherVariables`: where it is verified with others. */
interface KnownOfPlaces {
  putBack: ReadonlyMap<string, string[]>;
  otherVariables: ReadonlyMap<string, string[]>;
}

export function outlineOfPlan(plan: ReleasePlan, hash: string, known?: KnownOfPlaces): PlanOutline {
  const { service, environment, branch, commit, waves, approval, onCall, onFailure, tags } = plan;
  return {
    hash,
    service,
    environment,
    branch,
    commit,
    components: plan.components.map(({ name, image, origin, promoted, given, needs, regions }) => {
      const putBack = known?.putBack.get(name) ?? [];
      const otherVariables = known?.otherVariables.get(name) ?? [];
      return {
        ...{ name, image, origin, needs },
        ...(promoted && { promoted }),
        ...(given && { given }),
        ...(regions && { regions }),
        ...(putBack.length > 0 && { putBack }),
        ...(otherVariables.length > 0 && { otherVariables }),
      };
    }),
    regions: plan.regions.map(({ name }) => name),
    waves,
    migrations: plan.migrations.map((planned) =>
      outlineOfMigration(planned, plan.migrationSpecs.find((m) => m.database === planned.database)?.timeoutMs),
    ),
    approval,
    ...(onCall && { onCall }),
    onFailure,
    rolloutTimeoutMs: plan.rollout.timeoutMs,
    tags,
    ...(plan.olderThanSchema && { olderThanSchema: gapsInWords(plan.olderThanSchema) }),
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
    gates: { images, secrets, tests: spec.tests !== undefined, ...(spec.gates && { named: spec.gates }) },
    databases: spec.migrations.map(({ database }) => database),
    queue: spec.queue,
    notify: spec.notify.flatMap(nameless),
    onInconclusive: spec.onFailure.onInconclusive ?? 'hold',
    holdMs: spec.onFailure.holdMs,
    ...(spec.onCall && { onCall: spec.onCall }),
  };
}

function nameless(target: NotifySpec): NamelessTarget[] {
  if (target.kind === 'log') return [{ kind: target.kind }];
  return target.kind === 'webhook' ? [{ kind: target.kind, url: target.url }] : [];
}

/** The names told, and how many there are beside them. */
export function namesOf({ pending, count }: Pick<MigrationOutline, 'pending' | 'count'>): string {
  const more = count - pending.length;
  return more > 0 ? `${pending.join(', ')} and ${more} more` : pending.join(', ');
}
