import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { patiently } from '../patiently.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';

/** Only now may later releases fall back on this one. What could not be proven is not recorded, and the outcome says so. */
export async function recordVerified(run: Run, plan: PlanOutline): Promise<ReleaseResult> {
  const unproven = plan.regions.filter((region) => run.region(region).phase === 'unproven');
  const regions = plan.regions.filter((region) => !unproven.includes(region));
  const commit = plan.commit.slice(0, 12);
  if (regions.length > 0) {
    run.enter('recording', 'recording what is verified');
    await patiently(run, 'record what is verified', () =>
      changing.records.recordVerified.executeWithOptions({ summary: 'record what is verified' }, [
        { authority: run.authority(), regions, ...unseenIn(run, regions) },
      ]),
    );
  }
  if (unproven.length === 0) return run.result('verified', `${commit} is verified in ${regions.join(', ')}`);
  const proven = regions.length > 0 ? `verified in ${regions.join(', ')}; ` : '';
  return run.result('unproven', `${commit}: ${proven}whether ${unproven.join(', ')} is well could not be told`);
}

/** What stands scaled to zero is verified, and nobody has seen it run: whoever goes back to it later shall know. */
export function unseenIn({ state }: Run, regions: string[]): { unseen?: Record<string, string[]> } {
  const seen = Object.entries(state.unseen ?? {});
  const unseen = seen.filter(([region, components]) => regions.includes(region) && components.length > 0);
  return unseen.length > 0 ? { unseen: Object.fromEntries(unseen) } : {};
}
