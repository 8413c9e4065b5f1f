import { componentsIn } from '../../domain/components-in.ts';
import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { DriftVerdict } from '../../domain/drift.ts';
import { olderCode } from '../../domain/schema-age.ts';
import { Ended } from '../ended.ts';
import { patiently } from '../patiently.ts';
import type { Run } from '../run.ts';
import { changing, watching } from '../steps.ts';
import { awaitApproval } from './await-approval.ts';
import { claimLane, stepBack } from './lane.ts';
import { prepare } from './prepare.ts';
import { noteOf } from './put-in-place.ts';
import { readPipeline } from './read-pipeline.ts';
import { subjectOf } from './subject.ts';

/** Plan, approve, claim the lane, look again: repeated while what was approved is no longer what would happen. */
export async function agreeOnPlan(run: Run): Promise<PlanOutline> {
  while (!run.isDone('agreed')) {
    await run.once('planned', () => planRelease(run));
    const subject = subjectOf(planOf(run));
    await run.once('approved', () => awaitApproval(run, subject));
    await claimLane(run);
    const drift = await lookAgain(run);
    if (drift.kind === 'superseded') throw new Ended('superseded', drift.why);
    if (drift.kind === 'proceed') await run.once('agreed', () => Promise.resolve());
    else if (drift.kind === 'closed') await waitAgain(run, drift.why);
    else await startOver(run, drift);
  }
  return planOf(run);
}

/** Somebody closed the lane while it was letting this run in. Nothing is changed yet, and what was approved stays so. */
async function waitAgain(run: Run, why: string): Promise<void> {
  run.say(`waits for the lane again, which was closed before it was let in: ${why}`);
  await stepBack(run);
}

async function startOver(run: Run, { why, rebuild }: DriftVerdict & { kind: 're-approve' }): Promise<void> {
  run.say(`to be approved again: ${why}`);
  await stepBack(run);
  run.redo('read', 'planned', 'asked for approval', 'approved', ...(rebuild ? (['prepared'] as const) : []));
  const { artifacts } = run.status;
  await readPipeline(run);
  if (rebuild) await prepare(run);
  else run.status.artifacts = artifacts;
}

function planOf(run: Run): PlanOutline {
  if (!run.state.plan) throw new TypeError('there is no plan yet');
  return run.state.plan;
}

async function planRelease(run: Run): Promise<void> {
  run.enter('planning', 'looking at what would change');
  await lookAtRegions(run);
  await planMigrations(run);
  const { plan, warnings } = await patiently(run, 'plan', () =>
    watching.engine.planRelease.executeWithOptions({ summary: 'make the plan' }, [{ releaseId: run.id }]),
  );
  run.state.plan = plan;
  run.status.planHash = plan.hash;
  for (const region of plan.regions) {
    for (const component of componentsIn(plan, region)) {
      const { name, image } = component;
      run.mark(region, 'pending', { name, image, note: noteOf(component, region) });
    }
  }
  const { olderThanSchema } = plan;
  if (olderThanSchema) run.status.warnings = olderThanSchema.map(olderCode);
  else delete run.status.warnings;
  for (const warning of run.status.warnings ?? []) run.say(`warning: ${warning}`);
  for (const warning of warnings) run.say(`note: ${warning}`);
}

/** Whether all that the release names is there, before the databases are looked at: a Job that only looks borrows from a Deployment, too. It is short, and waits behind no watcher of hours. */
async function lookAtRegions(run: Run): Promise<void> {
  const steps = changing.in(run.state.request.environment);
  await patiently(run, 'look at the regions', () =>
    steps.lookAtRegions.executeWithOptions({ summary: 'look at the regions' }, [{ releaseId: run.id }]),
  );
}

async function planMigrations(run: Run): Promise<void> {
  const steps = watching.in(run.state.request.environment);
  run.status.migrations = await Promise.all(
    (run.state.read?.databases ?? []).map((database) =>
      patiently(run, `plan the migration of ${database}`, () =>
        steps.planMigration.executeWithOptions({ summary: `plan the migration of ${database}` }, [
          { database, releaseId: run.id },
        ]),
      ),
    ),
  );
}

/** Regions and databases are looked at again too: somebody else may have migrated, or undone, meanwhile. */
async function lookAgain(run: Run): Promise<DriftVerdict> {
  await lookAtRegions(run);
  await planMigrations(run);
  return patiently(run, 'look again', () =>
    watching.engine.judgePlanDrift.executeWithOptions({ summary: 'has anything drifted since the plan?' }, [
      { releaseId: run.id, planHash: planOf(run).hash },
    ]),
  );
}
