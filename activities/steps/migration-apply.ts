import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { canBeMended } from '../../domain/failure-course.ts';
import { databaseInWords } from '../../domain/left-behind.ts';
import { ownWork } from '../../domain/migration-plan.ts';
import type { MigrationJob, MigrationJobs } from '../migrations/port.ts';
import { jobInWords } from '../shared/job.ts';
import { says } from '../shared/saying.ts';
import { authorize, authorizeWrite } from './authorize.ts';
import type { AuthorizeDependencies } from './authorize.ts';
import { migrationEnds } from './migration-ends.ts';
import type { GivenUp, MigrationEnd } from './migration-ends.ts';
import { giveUp, goneUnbegun } from './migration-giving-up.ts';
import { applyJob } from './migration-jobs.ts';
import { ended, failedAs, ranOn } from './migration-looks.ts';
import type { FailureCodes } from './migration-looks.ts';
import { placeOf } from './migration-place.ts';
import { releaseRecord } from './release-record.ts';
import { serviceBounds } from './service-bounds.ts';
import { touching, wishToSee } from './touching.ts';
import type { EnvironmentSteps, MigrationInput } from './types.ts';

export interface ApplyDependencies extends AuthorizeDependencies {
  jobs: MigrationJobs;
}

const applyCodes: FailureCodes = {
  begun: { release: 'SLIP-MIG-1', world: 'SLIP-MIG-10' },
  unbegun: { release: 'SLIP-MIG-12', world: 'SLIP-MIG-13', operator: 'SLIP-MIG-14' },
};

type Ended = Exclude<MigrationEnd, GivenUp>;

/** The one Job that changes the database: made once, and seen through. */
export function createApplySteps(deps: ApplyDependencies): Pick<EnvironmentSteps, 'startMigration' | 'watchMigration'> {
  const { jobs } = deps;
  const ends = migrationEnds(deps.records);

  async function takeBack(
    { service, environment }: ReleasePlan,
    { authority, database }: MigrationInput,
  ): Promise<void> {
    await deps.records.schema.takeBack({ service, environment, database, releaseId: authority.releaseId });
  }

  /** Begins again what an earlier try has given up, unless that would not help. */
  async function resume(plan: ReleasePlan, input: MigrationInput, end: GivenUp) {
    const job = applyJob(plan, input, await serviceBounds(deps, plan));
    const lastLook = await goneUnbegun({ jobs, ends }, input, job, end);
    if (lastLook !== undefined) {
      // It has waited: what was allowed then may not be now.
      const { goneBy } = await authorizeWrite(input.authority, deps, { purpose: 'deploy' });
      await takeBack(plan, input);
      if (!canBeMended(end.why)) throw new Failure(end.why);
      await touching(deps, databaseInWords(input.database), goneBy);
      await recordChange(deps, plan, input);
      // Should nobody get to say that it was made again.
      await ends.keep(input, job.name, { ...end, lastLook });
      await jobs.start(job);
    }
    await ends.withdraw(input);
  }

  /** Writes down how it ended, and ends a pod that would not end by itself. */
  async function settle(plan: ReleasePlan, input: MigrationInput, job: MigrationJob, end: Ended) {
    // Once more: a late try may have taken it back, from before the Job began.
    await recordChange(deps, plan, input);
    await ends.keep(input, job.name, end);
    if (end.alongside) await jobs.remove(job);
    if (end.kind === 'failed') throw new Failure(end.why);
    return end.alongside ? { note: `the migration of ${input.database} has ended: ${ranOn(end.alongside)}` } : {};
  }

  /** An earlier try has begun it, and its answer was lost: it is seen through, whatever may be begun by now. */
  async function isUnderWay(input: MigrationInput): Promise<boolean> {
    const wish = await wishToSee(deps.records, input.database);
    if (wish.purpose !== undefined) return false;
    const plan = await authorize(input.authority, deps, wish);
    const job = applyJob(plan, input, await serviceBounds(deps, plan));
    says(effectOf(plan, input));
    return (await ends.find(input)) !== undefined || (await jobs.observe(job)).state !== 'missing';
  }

  return {
    async startMigration(input) {
      if (await isUnderWay(input)) return { adopted: true };
      const { plan, goneBy } = await authorizeWrite(input.authority, deps, { purpose: 'deploy' });
      const job = applyJob(plan, input, await serviceBounds(deps, plan));
      requirePending(plan, input);
      // A late repetition, or a run that moved to a newer engine: the watch tells how it ended, and begins again where that helps.
      if (await ends.find(input)) return { adopted: true };
      says(effectOf(plan, input));
      await touching(deps, databaseInWords(input.database), goneBy);
      await recordChange(deps, plan, input);
      return jobs.start(job);
    },

    async watchMigration(input) {
      const plan = await authorize(input.authority, deps, await wishToSee(deps.records, input.database));
      const job = applyJob(plan, input, await serviceBounds(deps, plan));
      says(effectOf(plan, input));
      const known = await ends.find(input);
      if (known?.kind === 'given up') await resume(plan, input, known);
      else if (known) return settle(plan, input, job, known);
      const { log, alongside } = await ended(jobs, job, async (seen) => {
        if (seen.state === 'missing') throw failure('SLIP-MIG-7', jobInWords(job));
        const failed = failedAs(applyCodes, job, seen);
        if (!seen.begun) {
          const taking = { jobs, ends, takeBack: () => takeBack(plan, input) };
          throw await giveUp(taking, input, job, { why: failed, lastLook: seen.version });
        }
        await settle(plan, input, job, { kind: 'failed', why: failed.details, ...besides(seen.alongside) });
        throw failed;
      });
      return settle(plan, input, job, { kind: 'succeeded', log, ...besides(alongside) });
    },
  };
}

/** Nobody has approved that anything is done to a database of which the plan says that nothing will be. Throws SLIP-REL-1 (terminal). */
function requirePending({ migrations }: ReleasePlan, { database }: MigrationInput): void {
  if (!migrations.some((one) => one.database === database && one.pending.length > 0))
    throw failure('SLIP-REL-1', `the plan has nothing to migrate in ${database}`);
}

/** For the audit, once the plan is known to have this migration. */
function effectOf(plan: ReleasePlan, { authority: { planHash }, database }: MigrationInput) {
  const { region, image } = placeOf(plan, database);
  return { planHash, database, region: region.name, image };
}

function besides(alongside: string[] | undefined): { alongside?: string[] } {
  return alongside ? { alongside } : {};
}

/** Said before it is done: from now on nobody may take the schema for what it was, even if this run never gets to say how it ended. */
async function recordChange(
  deps: ApplyDependencies,
  plan: ReleasePlan,
  { authority: { releaseId }, database }: MigrationInput,
): Promise<void> {
  const { records } = deps;
  const { service, environment } = plan;
  const seen = await releaseRecord(deps, releaseId).migrationSeen(placeOf(plan, database));
  const approved = plan.migrations.find((one) => one.database === database);
  const others = (await records.schema.list({ service, environment })).filter(
    (one) => one.database === database && one.releaseId !== releaseId,
  );
  // Held against when code was verified: both by one clock.
  const changedAt = await records.clock.now();
  const work = ownWork({ approved, seen, others });
  await records.schema.record({ service, environment, database, releaseId, ...work, changedAt });
}
