import type { ReleasePlan } from '../../domain/contract/release.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';
import { imagesOf, settleAll, verifyRegion } from './deploy-wave.ts';

/** Once every region has the release, all of them are looked at again together: an earlier region may have been hurt by a later one. */
export async function verifyAcrossRegions(run: Run, plan: ReleasePlan): Promise<void> {
  if (plan.regions.length < 2) return;
  run.enter('verifying', 'verifying across regions');
  await settleAll(plan.regions.map((region) => verifyRegion(run, region.name, imagesOf(plan))));
}

/** Only now may later releases fall back on this one. */
export async function recordVerified(run: Run, plan: ReleasePlan): Promise<ReleaseResult> {
  const regions = plan.regions.map((r) => r.name);
  run.enter('recording', 'recording what is verified');
  await changing.engine.recordVerified.executeWithOptions({ summary: 'record what is verified' }, [
    { authority: run.authority(), regions },
  ]);
  return run.result('verified', `${plan.commit.slice(0, 12)} is verified in ${regions.join(', ')}`);
}
