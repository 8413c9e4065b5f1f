import { CancellationScope } from '@temporalio/workflow';
import type { PlannedMigration, ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { inShort, unplanned } from '../../domain/migration-plan.ts';
import type { Run } from '../run.ts';
import { changing, watching } from '../steps.ts';
import { stopIfCancelled } from '../stop-if-cancelled.ts';

/** One database after the other, each once. A migration that has begun is never cancelled: a rollback asked meanwhile waits for its end. */
export async function migrateDatabases(run: Run, plan: ReleasePlan): Promise<void> {
  const due = plan.migrations.filter((m) => m.pending.length > 0);
  if (due.length === 0) return;
  run.enter('migrating', `migrating ${due.map((m) => m.database).join(', ')}`);
  for (const planned of due) {
    run.touched = true;
    run.migrating = true;
    try {
      await CancellationScope.nonCancellable(() => migrate(run, plan, planned));
    } finally {
      run.migrating = false;
    }
    await stopIfCancelled();
    if (run.rollbackAsked) throw failure('SLIP-REL-7', run.rollbackAsked.decision.reason);
  }
}

async function migrate(run: Run, plan: ReleasePlan, approved: PlannedMigration): Promise<void> {
  const { environment } = run.request;
  const { database } = approved;
  const input = { authority: run.authority(), database };
  const watched = watching.migrations(environment, plan.migrationSpecs.find((m) => m.database === database)?.timeoutMs);
  const { pending } = approved.pending.includes(unplanned)
    ? // Nothing could be planned before the approval: it is told now what will be applied, because a later rollback depends on it.
      await watched.planMigration.executeWithOptions({ summary: `plan the migration of ${database}` }, [
        { releaseId: run.id, ...input },
      ])
    : approved;
  await changing
    .in(environment)
    .startMigration.executeWithOptions({ summary: `migrate ${database}: ${inShort(pending)}` }, [input]);
  await watched.watchMigration.executeWithOptions({ summary: `migration of ${database} runs` }, [input]);
  await watched.verifyMigration.executeWithOptions({ summary: `verify the schema of ${database}` }, [input]);
  run.say(`${database} has ${inShort(pending)}`);
}
