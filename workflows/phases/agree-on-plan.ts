import type { ReadRelease } from '../../activities/steps/types.ts';
import type { PlannedMigration, ReleasePlan } from '../../domain/contract/release.ts';
import { Ended } from '../ended.ts';
import type { Run } from '../run.ts';
import { looking, watching } from '../steps.ts';
import { awaitApproval } from './await-approval.ts';
import { claimLane, stepBack } from './lane.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import { readPipeline } from './read-pipeline.ts';

/** Plan, approve, claim the lane, look again: repeated while what was approved is no longer what would happen. */
export async function agreeOnPlan(run: Run, first: Prepared): Promise<ReleasePlan> {
  let prepared = first;
  for (;;) {
    const plan = await planRelease(run, prepared);
    await awaitApproval(run, plan);
    await claimLane(run);
    const drift = await lookAgain(run, prepared.pipeline);
    if (drift.kind === 'proceed') return plan;
    if (drift.kind === 'superseded') throw new Ended('superseded', drift.why);
    run.say(`to be approved again: ${drift.why}`);
    await stepBack(run);
    const pipeline = await readPipeline(run);
    prepared = drift.rebuild ? await prepare(run, pipeline) : { ...prepared, pipeline };
  }
}

async function planRelease(run: Run, { pipeline, artifacts }: Prepared): Promise<ReleasePlan> {
  run.enter('planning', 'looking at what would change');
  const migrations = await planMigrations(run, pipeline);
  run.status.migrations = migrations;
  const { plan, planHash, warnings } = await looking.engine.planRelease.executeWithOptions(
    { summary: 'make the plan' },
    [{ releaseId: run.id }],
  );
  run.plan = plan;
  run.status.artifacts = artifacts;
  run.planHash = run.status.planHash = planHash;
  for (const region of plan.regions) {
    for (const { name, image, origin } of plan.components) {
      run.mark(region.name, 'pending', { name, image, note: origin === 'unchanged' ? 'unchanged' : '' });
    }
  }
  for (const warning of warnings) run.say(`note: ${warning}`);
  return plan;
}

async function planMigrations(run: Run, { spec }: ReadRelease): Promise<PlannedMigration[]> {
  const steps = watching.in(run.request.environment);
  return Promise.all(
    spec.migrations.map(({ database }) =>
      steps.planMigration.executeWithOptions({ summary: `plan the migration of ${database}` }, [
        { database, releaseId: run.id },
      ]),
    ),
  );
}

/** Databases are looked at again too: somebody else may have migrated, or undone, meanwhile. */
async function lookAgain(run: Run, read: ReadRelease) {
  await planMigrations(run, read);
  return watching.engine.judgePlanDrift.executeWithOptions({ summary: 'has anything drifted since the plan?' }, [
    { releaseId: run.id, planHash: run.planHash ?? '' },
  ]);
}
