import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { isUnseen } from '../../domain/failure-course.ts';
import { failureOf } from '../failures.ts';
import { patiently } from '../patiently.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';
import { imagesOf, verifyRegion } from './verify-region.ts';

/** Only now may later releases fall back on this one. What could not be proven is not recorded, and the outcome says so. */
export async function recordVerified(run: Run, plan: PlanOutline): Promise<ReleaseResult> {
  const unproven = plan.regions.filter((region) => run.region(region).phase === 'unproven');
  const regions = plan.regions.filter((region) => !unproven.includes(region));
  const commit = plan.commit.slice(0, 12);
  if (regions.length > 0) {
    run.enter('recording', 'recording what is verified');
    await record(run, plan, { regions, name: 'record what is verified' });
  }
  if (unproven.length === 0) return run.result('verified', `${commit} is verified in ${regions.join(', ')}`);
  const proven = regions.length > 0 ? `verified in ${regions.join(', ')}; ` : '';
  return run.result('unproven', `${commit}: ${proven}whether ${unproven.join(', ')} is well could not be told`);
}

/** By what the steps that look have seen. Where something was written since, even for nothing, it is looked at once more. */
export async function record(
  run: Run,
  plan: PlanOutline,
  { regions, name }: { regions: string[]; name: string },
): Promise<void> {
  const write = () =>
    changing.records.recordVerified.executeWithOptions({ summary: name }, [
      { authority: run.authority(), regions, ...unseenIn(run, regions) },
    ]);
  await patiently(run, name, async () => {
    try {
      await write();
    } catch (error) {
      if (!isUnseen(failureOf(error))) throw error;
      const images = imagesOf(plan);
      await Promise.all(
        regions.map((region) => verifyRegion(run, plan, { region, images, purpose: 'deploy' }, plan.onFailure)),
      );
      await write();
    }
  });
}

/** For steps of an engine of the first versions, which went by what the run has seen. */
function unseenIn({ state }: Run, regions: string[]): { unseen?: Record<string, string[]> } {
  const seen = Object.entries(state.unseen ?? {});
  const unseen = seen.filter(([region, components]) => regions.includes(region) && components.length > 0);
  return unseen.length > 0 ? { unseen: Object.fromEntries(unseen) } : {};
}
