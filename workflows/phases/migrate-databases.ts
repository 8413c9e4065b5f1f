import { CancellationScope } from '@temporalio/workflow';
import type { MigrationInput } from '../../activities/steps/types.ts';
import type { PlannedMigration, ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { unplanned } from '../../domain/migration-plan.ts';
import type { Run } from '../run.ts';
import { changing, watching } from '../steps.ts';

/** One database after the other, each once. A migration that has begun is never cancelled: a rollback asked meanwhile waits for its end. */
export async function migrateDatabases(run: Run, plan: ReleasePlan): Promise<void> {
  const due = plan.migrations.filter((m) => m.pending.length > 0);
  if (due.length === 0) return;
  run.enter('migrating', `migrating ${due.map((m) => m.database).join(', ')}`);
  for (const planned of due) {
    run.touched = true;
    run.migrating = true;
    try {
      await CancellationScope.nonCancellable(() => migrate(run, planned));
    } finally {
      run.migrating = false;
    }
    // The step itself was not cancelled, but what follows it is.
    if (CancellationScope.current().consideredCancelled) await CancellationScope.current().cancelRequested;
    if (run.rollbackAsked) throw failure('SLIP-REL-7', run.rollbackAsked.decision.reason);
  }
}

async function migrate(run: Run, approved: PlannedMigration): Promise<void> {
  const { environment } = run.request;
  const input = { authority: run.authority(), database: approved.database };
  const planned = approved.pending.includes(unplanned) ? await planNow(run, input) : approved;
  const { database, pending } = planned;
  run.applied.push(planned);
  await changing
    .in(environment)
    .startMigration.executeWithOptions({ summary: `migrate ${database}: ${pending.join(', ')}` }, [input]);
  await watching
    .in(environment)
    .watchMigration.executeWithOptions({ summary: `migration of ${database} runs` }, [input]);
  await watching
    .in(environment)
    .verifyMigration.executeWithOptions({ summary: `verify the schema of ${database}` }, [input]);
  run.say(`${database} has ${pending.join(', ')}`);
}

/** Where nothing could be planned before the approval, it is told now what will be applied: a later rollback depends on it. */
async function planNow(run: Run, input: MigrationInput): Promise<PlannedMigration> {
  return watching
    .in(run.request.environment)
    .planMigration.executeWithOptions({ summary: `plan the migration of ${input.database}` }, [
      { releaseId: run.id, ...input },
    ]);
}
