import type { RollbackChoice, RollbackTarget } from '../../domain/rollback.ts';
import type { Records } from '../records/port.ts';

const nameOf = (region: string) => `way-back-${region}`;

/** Written by the engine when it chooses, and read by the steps that go back: no run may choose for itself. Chosen again, the last one counts. */
export async function keepChoice(
  { plans }: Pick<Records, 'plans'>,
  runId: string,
  choice: RollbackChoice,
): Promise<void> {
  await plans.keep(runId, nameOf(choice.region), choice);
}

/** What this run goes back to there; nothing where the engine has refused, or has not been asked. */
export async function chosenTargets(
  plans: Pick<Records['plans'], 'kept'>,
  runId: string,
  region: string,
): Promise<RollbackTarget[]> {
  const choice = (await plans.kept(runId, nameOf(region))) as RollbackChoice | undefined;
  return choice?.kind === 'go' ? choice.targets : [];
}
