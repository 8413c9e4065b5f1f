import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { RollbackChoice } from '../../domain/rollback.ts';
import { inOrderOfNeed } from '../../domain/plan.ts';
import type { Run } from '../run.ts';
import { goesFirst, looking } from '../steps.ts';
import { putInPlace, verifyRegion } from './deploy-wave.ts';

/**
 * Puts back, region by region, what was last verified there, newest change first, and verifies it. Chosen for all regions before any is
 * touched: a region that cannot go back stops the rollback before it has begun.
 */
export async function rollBackRegions(run: Run, plan: ReleasePlan, regions: string[]): Promise<void> {
  run.enter('rolling-back', `rolling back ${regions.join(', ')}`);
  const choices = await looking.engine.chooseRollbacks.executeWithOptions(
    { summary: 'choose what to go back to', ...goesFirst },
    [{ planHash: run.planHash ?? '', releaseId: run.subject, regions }],
  );
  for (const choice of choices) {
    if (choice.kind === 'refused') throw failure('SLIP-REL-6', `${choice.region}: ${choice.why}. ${choice.next}`);
  }
  // Neither this release nor what it left half done may ever be gone back to.
  run.revoked = { releaseId: run.subject, regions: [...new Set([...(run.revoked?.regions ?? []), ...regions])] };
  for (const choice of [...choices].reverse()) {
    if (choice.kind === 'go') await rollBackRegion(run, plan, choice);
  }
}

async function rollBackRegion(
  run: Run,
  plan: ReleasePlan,
  { region, targets }: RollbackChoice & { kind: 'go' },
): Promise<void> {
  run.mark(region, 'rolling-back');
  const order = inOrderOfNeed(plan.components).flat().reverse();
  for (const { name } of order) {
    const target = targets.find((t) => t.component === name);
    if (!target) continue;
    run.mark(region, 'rolling-back', { name, image: target.image, note: `from ${target.commit.slice(0, 12)}` });
    await putInPlace(run, plan, { region, component: name, image: target.image, purpose: 'roll-back' });
  }
  await verifyRegion(run, region, Object.fromEntries(targets.map((t) => [t.component, t.image])), 'roll-back');
  run.mark(region, 'rolled-back');
}
