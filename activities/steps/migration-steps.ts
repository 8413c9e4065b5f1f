import { activityInfo } from '@temporalio/activity';
import type { ServiceBounds } from '../../domain/contract/policy.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { inShort, readMigrationPlan, whatever } from '../../domain/migration-plan.ts';
import type { MigrationList, SchemaWork } from '../../domain/migration-plan.ts';
import { outlineOfMigration } from '../../domain/outline.ts';
import { says } from '../shared/saying.ts';
import { sha256 } from '../shared/sha256.ts';
import { authorize } from './authorize.ts';
import { createApplySteps } from './migration-apply.ts';
import type { ApplyDependencies } from './migration-apply.ts';
import { migrationEnds } from './migration-ends.ts';
import { lookJob } from './migration-jobs.ts';
import type { Look } from './migration-jobs.ts';
import { placeOf, placeOnRecord, type MigrationPlace } from './migration-place.ts';
import { keepMigrated } from './migrated.ts';
import { look, lookPauses } from './migration-looks.ts';
import type { WantedLook } from './migration-looks.ts';
import { openHere } from './open-here.ts';
import { serviceBounds } from './service-bounds.ts';
import { wishToSee } from './touching.ts';
import type { EnvironmentSteps } from './types.ts';
import { namedBy, refuseUnapproved } from './unapproved.ts';
import { tail } from '../../domain/whole-text.ts';

export interface MigrationDependencies extends ApplyDependencies {
  /** How long (ms) a look that ended badly waits before each further try; after the last it counts. */
  pauses?: number[];
}

type Steps = Pick<EnvironmentSteps, 'planMigration' | 'startMigration' | 'watchMigration' | 'verifyMigration'>;

/** A database's migration: planned and verified by Jobs that only look, applied by one Job that runs once. */
export function createMigrationSteps(deps: MigrationDependencies): Steps {
  const { jobs, pauses = lookPauses } = deps;
  const ends = migrationEnds(deps.records);

  /** Looks at this database for one activity: a step that is tried again adopts its own Jobs, and nobody else's. */
  function looking(place: MigrationPlace, releaseId: string, bounds: ServiceBounds) {
    const { activityId, workflowExecution } = activityInfo();
    const lookOf = sha256(`${workflowExecution?.runId}/${activityId}`);
    return <T>(purpose: Look, command: string[], wanted: Pick<WantedLook<T>, 'onFailure' | 'read'>): Promise<T> =>
      look(
        jobs,
        { ...wanted, jobOf: (nth) => lookJob(place, { purpose, command, releaseId, nth, lookOf }, bounds) },
        pauses,
      );
  }

  return {
    ...createApplySteps(deps),

    async planMigration({ database, releaseId, authority }) {
      const { record, request: lane } = await openHere(deps, releaseId);
      const place = authority
        ? placeOf(await authorize(authority, deps, { purpose: 'deploy' }), database)
        : placeOnRecord(await record.contents(), database);
      const { component, region, commands } = place.migration;
      const about = { database, component, region };
      const keep = async (work: SchemaWork) =>
        outlineOfMigration(await record.keepMigrations({ ...about, ...work }, place), place.migration.timeoutMs);
      const floor = await deps.floorOf(lane.environment);
      if (!authority)
        await refuseUnapproved(deps, { release: namedBy(lane, await record.contents()), floor, releaseId });
      if (!authority && floor.approval.required && !floor.planMigrationsBeforeApproval) {
        return keep(whatever);
      }
      const { modelsWithoutMigration: models, plan } = commands;
      const at = looking(place, releaseId, await serviceBounds(deps, lane));
      says({ database, region: place.region.name, image: place.image });
      if (models) await at('models', models, { onFailure: 'SLIP-MIG-6', read: () => undefined });
      if (!plan) return keep(whatever);
      return keep(await at('plan', plan, { onFailure: 'SLIP-MIG-5', read: readPlan }));
    },

    async verifyMigration({ authority, database }) {
      const approved = await authorize(authority, deps, await wishToSee(deps.records, database));
      const place = placeOf(approved, database);
      const { verify, plan } = place.migration.commands;
      const at = looking(place, authority.releaseId, await serviceBounds(deps, approved));
      says({ planHash: authority.planHash, database, region: place.region.name, image: place.image });
      if (verify) await at('verify', verify, { onFailure: 'SLIP-MIG-8', read: () => undefined });
      // Where nothing can look, what is known is that this run's own migration was seen to end well.
      if (!plan && !verify && (await ends.find({ authority, database }))?.kind !== 'succeeded')
        throw failure('SLIP-REL-1', `the migration of ${database} by ${authority.releaseId} is not on record as ended`);
      if (!plan) return keepMigrated(deps.records.plans, authority, database);
      await at('left', plan, {
        onFailure: 'SLIP-MIG-8',
        read: (output) => {
          const { pending } = readPlan(output);
          if (pending.length > 0) throw failure('SLIP-MIG-8', `${database} still lacks ${inShort(pending)}`);
        },
      });
      await keepMigrated(deps.records.plans, authority, database);
    },
  };
}

function readPlan(output: string): MigrationList {
  const plan = readMigrationPlan(output);
  if (!plan) throw failure('SLIP-MIG-5', tail(output, 1_000) || 'the plan command printed nothing');
  return plan;
}
