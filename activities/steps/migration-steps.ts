import { createHash } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { canonicalJson } from '../../domain/canonical.ts';
import type { MigrationSpec, PinnedImage, RegionSpec, ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { readMigrationPlan, unplanned } from '../../domain/migration-plan.ts';
import type { MigrationList } from '../../domain/migration-plan.ts';
import type { JobObservation, MigrationJob, MigrationJobs } from '../migrations/port.ts';
import { authorize } from './authorize.ts';
import type { AuthorizeDependencies } from './authorize.ts';
import { poll } from '../shared/polling.ts';
import { releaseRecord, requireOwnRun } from './release-record.ts';
import type { ReleaseRecord } from './release-record.ts';
import type { EnvironmentSteps, MigrationInput } from './types.ts';

export interface MigrationDependencies extends AuthorizeDependencies {
  jobs: MigrationJobs;
  now: () => number;
}

type Steps = Pick<EnvironmentSteps, 'planMigration' | 'startMigration' | 'watchMigration' | 'verifyMigration'>;
type Purpose = 'plan' | 'models' | 'apply' | 'verify' | 'left';

const pace = { firstMs: 200, longestMs: 3_000 };

/** A database's migration: planned and verified by Jobs that only look, applied by one Job that runs once. */
export function createMigrationSteps(deps: MigrationDependencies): Steps {
  return {
    async planMigration({ database, releaseId, authority }) {
      requireOwnRun(releaseId);
      const record = releaseRecord(deps.records, releaseId);
      const { environment } = await record.request();
      const { migration, region, image } = authority
        ? placeOf(await authorize(authority, deps), database)
        : await placeOnRecord(record, database);
      const { component } = migration;
      const about = { database, component, region: migration.region };
      const floor = await deps.floorOf(environment);
      if (!authority && floor.approval.required && !floor.planMigrationsBeforeApproval) {
        return record.keepMigrations({ ...about, pending: [unplanned], contracting: [] });
      }
      const job = (purpose: Purpose, command: string[]) =>
        jobOf({ purpose, command, migration, region, image, key: lookKey(releaseId), envFrom: migration.planEnvFrom });
      const { modelsWithoutMigration, plan } = migration.commands;
      if (modelsWithoutMigration) await lookOnly(deps.jobs, job('models', modelsWithoutMigration), 'SLIP-MIG-6');
      if (!plan) return record.keepMigrations({ ...about, pending: [unplanned], contracting: [] });
      return record.keepMigrations({
        ...about,
        ...readPlan(await lookOnly(deps.jobs, job('plan', plan), 'SLIP-MIG-5')),
      });
    },

    async startMigration(input) {
      const plan = await authorize(input.authority, deps);
      const job = applyJob(plan, input);
      await recordChange(deps, plan, input);
      return deps.jobs.start(job);
    },

    async watchMigration(input) {
      const job = applyJob(await authorize(input.authority, deps), input);
      const { log } = await ended(deps.jobs, job, async (seen) => {
        if (seen.state === 'missing') throw failure('SLIP-MIG-7', nameOf(job));
        if (!seen.begun) await deps.jobs.remove(job);
        throw failure('SLIP-MIG-1', wordsOf(job, seen));
      });
      await deps.records.plans.keep(input.authority.releaseId, `migration-${input.database}`, { job: job.name, log });
    },

    async verifyMigration(input) {
      const plan = await authorize(input.authority, deps);
      const place = placeOf(plan, input.database);
      const { verify, plan: planCommand } = place.migration.commands;
      const job = (purpose: Purpose, command: string[]) =>
        jobOf({
          ...place,
          purpose,
          command,
          key: lookKey(input.authority.releaseId),
          envFrom: place.migration.planEnvFrom,
        });
      if (verify) await lookOnly(deps.jobs, job('verify', verify), 'SLIP-MIG-8');
      if (!planCommand) return;
      const { pending } = readPlan(await lookOnly(deps.jobs, job('left', planCommand), 'SLIP-MIG-8'));
      if (pending.length > 0) throw failure('SLIP-MIG-8', `${input.database} still lacks ${pending.join(', ')}`);
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

function readPlan(log: string): MigrationList {
  const plan = readMigrationPlan(log);
  if (!plan) throw failure('SLIP-MIG-5', log.slice(-1_000) || 'the plan command printed nothing');
  return plan;
}

interface Place {
  migration: MigrationSpec;
  region: RegionSpec;
  image: PinnedImage;
}

function placeOf(plan: ReleasePlan, database: string): Place {
  const migration = plan.migrationSpecs.find((m) => m.database === database);
  const region = plan.regions.find((r) => r.name === migration?.region);
  const image = plan.components.find((c) => c.name === migration?.component)?.image;
  if (!migration || !region || !image) throw failure('SLIP-REL-1', `the plan has no migration of ${database}`);
  return { migration, region, image };
}

/** Before the approval there is no plan to trust: everything comes from what the engine itself has recorded about this release. */
async function placeOnRecord(record: ReleaseRecord, database: string): Promise<Place> {
  const [{ spec }, artifacts] = await Promise.all([record.read(), record.artifacts()]);
  const migration = spec.migrations.find((m) => m.database === database);
  const region = spec.regions.find((r) => r.name === migration?.region);
  const image = artifacts.find((a) => a.component === migration?.component)?.image;
  if (!migration || !region || !image) throw failure('SLIP-REL-1', `the release has no migration of ${database}`);
  return { migration, region, image };
}

function applyJob(plan: ReleasePlan, { database, authority }: MigrationInput): MigrationJob {
  const place = placeOf(plan, database);
  const { apply } = place.migration.commands;
  return jobOf({
    ...place,
    purpose: 'apply',
    command: apply,
    key: authority.planHash,
    envFrom: place.migration.envFrom,
  });
}

interface JobWanted {
  purpose: Purpose;
  command: string[];
  migration: MigrationSpec;
  region: RegionSpec;
  image: PinnedImage;
  /** Makes the name its own: the plan for what is applied (once per plan, whoever asks), the run for what only looks. */
  key: string;
  envFrom: string[];
}

function jobOf({ purpose, command, migration, region, image, key, envFrom }: JobWanted): MigrationJob {
  const { database } = migration;
  const hash = createHash('sha256')
    .update(canonicalJson([database, purpose, image, command, key]))
    .digest('hex');
  return {
    cluster: region.cluster,
    namespace: region.namespace,
    name: `slipway-${purpose}-${database}`.slice(0, 46).replace(/-+$/, '') + `-${hash.slice(0, 12)}`,
    image,
    command,
    // A lock that cannot be had in time fails the migration instead of stopping the shop. libpq reads this variable.
    env: { ...migration.env, PGOPTIONS: `-c lock_timeout=${migration.lockTimeoutMs}` },
    envFrom,
    labels: { 'app.kubernetes.io/managed-by': 'slipway', 'slipway/purpose': purpose, 'slipway/database': database },
    timeoutMs: migration.timeoutMs,
  };
}

/** A step that is tried again adopts its own Job; the next look makes another, so that it never meets one that is still being removed. */
function lookKey(releaseId: string): string {
  return `${releaseId}/${activityInfo().activityId}`;
}

/** Runs a Job that changes nothing, takes its log, and removes it. */
async function lookOnly(
  jobs: MigrationJobs,
  job: MigrationJob,
  onFailure: 'SLIP-MIG-5' | 'SLIP-MIG-6' | 'SLIP-MIG-8',
): Promise<string> {
  await jobs.start(job);
  try {
    const { log } = await ended(jobs, job, (seen) => {
      // An earlier try of this step that was taken for dead has cleared up after itself, or somebody else has: one more look costs nothing.
      if (seen.state === 'missing') throw failure('SLIP-MIG-9', nameOf(job));
      throw failure(onFailure, wordsOf(job, seen));
    });
    return log;
  } finally {
    await jobs.remove(job);
  }
}

type BadEnd = Extract<JobObservation, { state: 'missing' | 'failed' }>;

/** Looks until the Job has succeeded; what any other end means is for `onBadEnd` to say, by throwing. */
async function ended(
  jobs: MigrationJobs,
  job: MigrationJob,
  onBadEnd: (seen: BadEnd) => Promise<never> | never,
): Promise<{ log: string }> {
  return poll(async () => {
    const seen = await jobs.observe(job);
    if (seen.state === 'running') return { doing: seen.message };
    return { done: seen.state === 'succeeded' ? seen : await onBadEnd(seen) };
  }, pace);
}

function nameOf({ namespace, name }: MigrationJob): string {
  return `Job ${namespace}/${name}`;
}

function wordsOf(job: MigrationJob, seen: Extract<JobObservation, { state: 'failed' }>): string {
  return `${nameOf(job)}: ${seen.reason}\n${seen.log}`.trim();
}
