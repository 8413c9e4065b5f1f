import type { ReadRelease } from '../../activities/steps/types.ts';
import type { Artifact, GateResult, PlannedMigration, ReleasePlan } from '../../domain/contract/release.ts';
import { Ended } from '../ended.ts';
import type { Run } from '../run.ts';
import { looking, watching } from '../steps.ts';
import { awaitApproval } from './await-approval.ts';
import { claimLane, stepBack } from './lane.ts';

/** Plan, approve, claim the lane, look again: repeated while what was approved is no longer what would happen. */
export async function agreeOnPlan(run: Run, read: ReadRelease, artifacts: Artifact[], gates: GateResult[]): Promise<ReleasePlan> {
  for (;;) {
    const plan = await planRelease(run, read, artifacts, gates);
    await awaitApproval(run, plan);
    await claimLane(run);
    const drift = await lookAgain(run, plan);
    if (drift.kind === 'proceed') return plan;
    if (drift.kind === 'superseded') throw new Ended('superseded', drift.why);
    run.say(`to be approved again: ${drift.why}`);
    await stepBack(run);
    const again = await looking.engine.readRelease.executeWithOptions({ summary: 'read the policy again' }, [
      { request: run.request, releaseId: run.id },
    ]);
    run.spec = read.spec = again.spec;
  }
}

async function planRelease(run: Run, read: ReadRelease, artifacts: Artifact[], gates: GateResult[]): Promise<ReleasePlan> {
  run.enter('planning', 'looking at what would change');
  const migrations = await planMigrations(run, read);
  run.status.migrations = migrations;
  const { plan, planHash, warnings } = await looking.engine.planRelease.executeWithOptions({ summary: 'make the plan' }, [
    { request: run.request, spec: read.spec, artifacts, migrations, gates },
  ]);
  run.plan = plan;
  run.planHash = run.status.planHash = planHash;
  for (const region of plan.regions) {
    for (const { name, image, origin } of plan.components) {
      run.mark(region.name, 'pending', { name, image, note: origin === 'unchanged' ? '(unchanged)' : '' });
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
        { request: run.request, database, releaseId: run.id },
      ]),
    ),
  );
}

async function lookAgain(run: Run, plan: ReleasePlan) {
  return looking.engine.judgePlanDrift.executeWithOptions({ summary: 'has anything drifted since the plan?' }, [
    { plan, migrations: run.status.migrations, repository: run.request.repository, downgrade: run.request.downgrade },
  ]);
}
