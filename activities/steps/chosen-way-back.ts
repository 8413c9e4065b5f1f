import type { RollbackChoice, RollbackTarget } from '../../domain/rollback.ts';
import type { Records } from '../records/port.ts';

const nameOf = (region: string) => `way-back-${region}`;

/**
 * Written by the engine when it chooses, and read by the steps that go back: no run may choose for itself. Chosen again, what was chosen before
 * still counts: the run may be under way with it, and a late try of the step knows less.
 */
export async function keepChoice(
  { plans }: Pick<Records, 'plans'>,
  runId: string,
  choice: RollbackChoice,
): Promise<void> {
  if (choice.kind !== 'go') return;
  const before = await chosenTargets(plans, runId, choice.region);
  const isNew = ({ component, image }: RollbackTarget) =>
    !before.some((target) => target.component === component && target.image === image);
  const added = choice.targets.filter(isNew);
  if (added.length > 0 || before.length === 0)
    await plans.keep(runId, nameOf(choice.region), { targets: [...before, ...added] });
}

/** All that this run may go back to there; nothing where the engine has refused, or has not been asked. */
export async function chosenTargets(
  plans: Pick<Records['plans'], 'kept'>,
  runId: string,
  region: string,
): Promise<RollbackTarget[]> {
  const chosen = (await plans.kept(runId, nameOf(region))) as { targets: RollbackTarget[] } | undefined;
  return chosen?.targets ?? [];
}
