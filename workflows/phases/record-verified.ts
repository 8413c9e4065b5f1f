import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { isUnseen } from '../../domain/failure-course.ts';
import { failureOf } from '../failures.ts';
import { patiently } from '../patiently.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';
import { bakeAgain, imagesIn, verifyRegion } from './verify-region.ts';

/** Only now may later releases fall back on this one. What could not be proven is not recorded, and the outcome says so. */
export async function recordVerified(run: Run, plan: PlanOutline): Promise<ReleaseResult> {
  const commit = plan.commit.slice(0, 12);
  if (provenOf(run, plan.regions).length > 0) {
    run.enter('recording', 'recording what is verified');
    await record(run, plan, { regions: plan.regions, name: 'record what is verified' });
  }
  const regions = provenOf(run, plan.regions);
  const unproven = plan.regions.filter((region) => !regions.includes(region));
  if (unproven.length === 0) return run.result('verified', `${commit} is verified in ${regions.join(', ')}`);
  const proven = regions.length > 0 ? `verified in ${regions.join(', ')}; ` : '';
  return run.result('unproven', `${commit}: ${proven}whether ${unproven.join(', ')} is well could not be told`);
}

function provenOf(run: Run, regions: string[]): string[] {
  return regions.filter((region) => run.region(region).phase !== 'unproven');
}

/** More often than this somebody else writes there all the while. */
const mostLooks = 3;

/**
 * By what the steps that look have seen. Where something was written since, even for nothing, it is looked at once more, and bakes again where
 * that is not enough; a look that may tell nothing can leave it unproven then. Without `bakes` that is a failure instead.
 */
export async function record(
  run: Run,
  plan: PlanOutline,
  { regions: all, name, bakes = true }: { regions: string[]; name: string; bakes?: boolean },
): Promise<void> {
  for (let looks = 0; ; looks += 1) {
    const regions = provenOf(run, all);
    if (regions.length === 0) return;
    const unseen = await patiently(run, name, () => write(run, regions, name));
    if (!unseen) return;
    if (looks >= (bakes ? mostLooks : 1)) throw failure('SLIP-REL-12', regions.join(', '));
    await Promise.all(
      regions.map(async (region) => {
        const place = { region, images: imagesIn(plan, region), purpose: 'deploy' } as const;
        await verifyRegion(run, plan, place, plan.onFailure);
        if (looks > 0) await bakeAgain(run, plan, place);
      }),
    );
  }
}

/** True when nothing was recorded, because a region has to be looked at first. */
async function write(run: Run, regions: string[], name: string): Promise<boolean> {
  try {
    await changing.records.recordVerified.executeWithOptions({ summary: name }, [
      { authority: run.authority(), regions, ...unseenIn(run, regions) },
    ]);
    return false;
  } catch (error) {
    if (isUnseen(failureOf(error))) return true;
    throw error;
  }
}

/** For steps of an engine of the first versions, which went by what the run has seen. */
function unseenIn({ state }: Run, regions: string[]): { unseen?: Record<string, string[]> } {
  const seen = Object.entries(state.unseen ?? {});
  const unseen = seen.filter(([region, components]) => regions.includes(region) && components.length > 0);
  return unseen.length > 0 ? { unseen: Object.fromEntries(unseen) } : {};
}
