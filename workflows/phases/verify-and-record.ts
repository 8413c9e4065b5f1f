import type { ReleasePlan, VerifiedRelease } from '../../domain/contract/release.ts';
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
  run.enter('recording', 'recording what is verified');
  await changing.engine.recordVerified.executeWithOptions({ summary: 'record what is verified' }, [
    { rows: verifiedRows(run, plan, plan.regions.map((r) => r.name)) },
  ]);
  return run.result('verified', `${plan.commit.slice(0, 12)} is verified in ${plan.regions.map((r) => r.name).join(', ')}`);
}

export function verifiedRows(run: Run, plan: ReleasePlan, regions: string[]): VerifiedRelease[] {
  const { service, environment, commit } = plan;
  const about = { service, environment, commit, releaseId: run.id, planHash: run.planHash ?? '' };
  return regions.flatMap((region) =>
    plan.components.map(({ name, image }) => ({ ...about, region, component: name, image, verifiedAt: Date.now(), state: 'verified' as const })),
  );
}
