import { CancellationScope } from '@temporalio/workflow';
import type { MigrationOutline, PlanOutline } from '../../domain/contract/outline.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { namesOf } from '../../domain/outline.ts';
import { patiently } from '../patiently.ts';
import type { Run } from '../run.ts';
import { changing, watching } from '../steps.ts';
import { stopIfCancelled } from '../stop-if-cancelled.ts';
import { head } from '../../domain/whole-text.ts';

/** One database after the other, each once. A migration that has begun is never cancelled: a rollback asked meanwhile waits for its end. */
export async function migrateDatabases(run: Run, plan: PlanOutline): Promise<void> {
  const due = plan.migrations.filter((m) => m.count > 0 && !run.isDone(`migrate ${m.database}`));
  if (due.length === 0) return;
  run.enter('migrating', `migrating ${due.map((m) => m.database).join(', ')}`);
  for (const planned of due) {
    run.state.touched = true;
    run.migrating = 'planning';
    try {
      await CancellationScope.nonCancellable(() =>
        run.once(`migrate ${planned.database}`, () => migrate(run, planned)),
      );
    } finally {
      run.migrating = false;
    }
    await stopIfCancelled();
    const asked = run.state.rollbackAsked;
    if (asked) throw failure('SLIP-REL-7', asked.decision.reason);
  }
}

async function migrate(run: Run, approved: MigrationOutline): Promise<void> {
  const { environment } = run.state.request;
  const { database } = approved;
  const input = { authority: run.authority(), database };
  const watched = watching.longer(environment, approved.timeoutMs);
  const told = approved.unplanned
    ? // Nothing could be planned before the approval: it is told now what will be applied, because a later rollback depends on it.
      await patiently(run, `plan the migration of ${database}`, () =>
        watched.planMigration.executeWithOptions({ summary: `plan the migration of ${database}` }, [
          { releaseId: run.id, ...input },
        ]),
      )
    : approved;
  const names = namesOf(told);
  run.migrating = 'changing';
  await patiently(run, `start the migration of ${database}`, () =>
    changing
      .in(environment)
      .startMigration.executeWithOptions({ summary: head(`migrate ${database}: ${names}`, 120) }, [input]),
  );
  const ended: { note?: string } | null = await patiently(run, `migration of ${database}`, () =>
    watched.watchMigration.executeWithOptions({ summary: `migration of ${database} runs` }, [input]),
  );
  // Histories of the first versions have no answer here.
  if (ended?.note) run.say(ended.note);
  await patiently(run, `verify the schema of ${database}`, () =>
    watched.verifyMigration.executeWithOptions({ summary: `verify the schema of ${database}` }, [input]),
  );
  run.say(`${database} has ${names}`);
}
