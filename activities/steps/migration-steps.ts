import { activityInfo } from '@temporalio/activity';
import type { PlannedMigration, ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { inShort, readMigrationPlan, unplanned } from '../../domain/migration-plan.ts';
import type { MigrationList } from '../../domain/migration-plan.ts';
import type { MigrationJob, MigrationJobs } from '../migrations/port.ts';
import { outlineOfMigration } from '../../domain/outline.ts';
import { authorize } from './authorize.ts';
import type { AuthorizeDependencies } from './authorize.ts';
import { givenUpMigrations } from './given-up-migrations.ts';
import { applyJob, documentOf, lookJob, nameOf, placeOf, placeOnRecord } from './migration-jobs.ts';
import type { Look, MigrationPlace } from './migration-jobs.ts';
import { ended, failedAs, look, lookPauses } from './migration-looks.ts';
import type { WantedLook } from './migration-looks.ts';
import { releaseRecord, requireOwnRun } from './release-record.ts';
import { touching } from './touching.ts';
import type { EnvironmentSteps, MigrationInput } from './types.ts';

export interface MigrationDependencies extends AuthorizeDependencies {
  jobs: MigrationJobs;
  now: () => number;
  /** How long (ms) a look that ended badly waits before each further try; after the last it counts. */
  pauses?: number[];
}

type Steps = Pick<EnvironmentSteps, 'planMigration' | 'startMigration' | 'watchMigration' | 'verifyMigration'>;

/** A database's migration: planned and verified by Jobs that only look, applied by one Job that runs once. */
export function createMigrationSteps(deps: MigrationDependencies): Steps {
  const { jobs, pauses = lookPauses } = deps;
  const givenUp = givenUpMigrations(deps.records);

  /** Looks at this database for one activity: a step that is tried again adopts its own Jobs. */
  function looking(place: MigrationPlace, releaseId: string) {
    const key = `${releaseId}/${activityInfo().activityId}`;
    return <T>(purpose: Look, command: string[], wanted: Pick<WantedLook<T>, 'onFailure' | 'read'>): Promise<T> =>
      look(jobs, { ...wanted, jobOf: (nth) => lookJob(place, purpose, command, `${key}/${nth}`) }, pauses);
  }

  async function mayBegin(job: MigrationJob): Promise<boolean> {
    const seen = await jobs.observe(job);
    return seen.state === 'running' && !seen.removing;
  }

  return {
    async planMigration({ database, releaseId, authority }) {
      requireOwnRun(releaseId);
      const record = releaseRecord(deps.records, releaseId);
      const { environment } = await record.request();
      const place = authority
        ? placeOf(await authorize(authority, deps), database)
        : await placeOnRecord(record, database);
      const { component, region, commands } = place.migration;
      const about = { database, component, region };
      const told = (planned: PlannedMigration) => outlineOfMigration(planned, place.migration.timeoutMs);
      const floor = await deps.floorOf(environment);
      if (!authority && floor.approval.required && !floor.planMigrationsBeforeApproval) {
        return told(await record.keepMigrations({ ...about, pending: [unplanned], contracting: [] }));
      }
      const { modelsWithoutMigration: models, plan } = commands;
      const at = looking(place, releaseId);
      if (models) await at('models', models, { onFailure: 'SLIP-MIG-6', read: () => undefined });
      if (!plan) return told(await record.keepMigrations({ ...about, pending: [unplanned], contracting: [] }));
      const list = await at('plan', plan, { onFailure: 'SLIP-MIG-5', read: readPlan });
      return told(await record.keepMigrations({ ...about, ...list }));
    },

    async startMigration(input) {
      const plan = await authorize(input.authority, deps);
      const job = applyJob(plan, input);
      // A late repetition, after the watch has taken the Job away: what it would make nobody would see through.
      const why = await givenUp.find(input);
      if (why) throw why;
      await touching(deps, `database ${input.database}`);
      await recordChange(deps, plan, input);
      return jobs.start(job);
    },

    async watchMigration(input) {
      const job = applyJob(await authorize(input.authority, deps), input);
      if ((await givenUp.find(input)) && (await mayBegin(job))) await givenUp.withdraw(input);
      const { log } = await ended(jobs, job, async (seen) => {
        if (seen.state === 'missing') throw (await givenUp.find(input)) ?? failure('SLIP-MIG-7', nameOf(job));
        const failed = failedAs('SLIP-MIG-1', job, seen);
        if (!seen.begun) {
          await givenUp.keep(input, failed);
          await jobs.remove(job);
        }
        throw failed;
      });
      await deps.records.plans.keep(input.authority.releaseId, documentOf(input.database), { job: job.name, log });
    },

    async verifyMigration({ authority, database }) {
      const place = placeOf(await authorize(authority, deps), database);
      const { verify, plan } = place.migration.commands;
      const at = looking(place, authority.releaseId);
      if (verify) await at('verify', verify, { onFailure: 'SLIP-MIG-8', read: () => undefined });
      if (!plan) return;
      await at('left', plan, {
        onFailure: 'SLIP-MIG-8',
        read: (output) => {
          const { pending } = readPlan(output);
          if (pending.length > 0) throw failure('SLIP-MIG-8', `${database} still lacks ${inShort(pending)}`);
        },
      });
    },
  };
}

/**
 * Said before it is done: from now on nobody may take the schema for what it was, even if this run never gets to say how it ended. What is
 * pending was spelled out by the last look at the database, where it could be.
 */
async function recordChange(
  { records, now }: MigrationDependencies,
  { service, environment }: ReleasePlan,
  { authority: { releaseId }, database }: MigrationInput,
): Promise<void> {
  const seen = (await releaseRecord(records, releaseId).migrations()).find((m) => m.database === database);
  const { pending, contracting } = seen ?? { pending: [unplanned], contracting: [] };
  await records.schema.record({ service, environment, database, releaseId, pending, contracting, changedAt: now() });
}

function readPlan(output: string): MigrationList {
  const plan = readMigrationPlan(output);
  if (!plan) throw failure('SLIP-MIG-5', output.slice(-1_000) || 'the plan command printed nothing');
  return plan;
}
