import type { ReleaseRequest } from '../domain/contract/release.ts';
import type { ReleaseResult } from '../domain/contract/status.ts';
import { takeDecisions } from './decisions.ts';
import { agreeOnPlan } from './phases/agree-on-plan.ts';
import { deployWave } from './phases/deploy-wave.ts';
import { insideLane } from './phases/inside-lane.ts';
import { joinLane } from './phases/lane.ts';
import { migrateDatabases } from './phases/migrate-databases.ts';
import { moveTags, tagCommit } from './phases/point-tags.ts';
import { prepare } from './phases/prepare.ts';
import { readPipeline } from './phases/read-pipeline.ts';
import { recordVerified, verifyAcrossRegions } from './phases/verify-and-record.ts';
import { Run } from './run.ts';

/** A release, from a commit to the last verified region. */
export async function deployRelease(request: ReleaseRequest): Promise<ReleaseResult> {
  const run = new Run(request);
  takeDecisions(run);
  return run.conclude(async () => {
    // Nothing is touched yet: every failure in here ends as a plain outcome.
    const pipeline = await readPipeline(run);
    await joinLane(run);
    const prepared = await prepare(run, pipeline); // build ─▶ scan ∥ test
    const plan = await agreeOnPlan(run, prepared); // plan ─▶ approve ─▶ claim the lane ─▶ look again
    // From here on a failure is concluded, and rolled back, inside the lane.
    return insideLane(run, plan, async () => {
      await tagCommit(run, plan);
      await migrateDatabases(run, plan);
      for (const wave of plan.waves) await deployWave(run, plan, wave);
      await verifyAcrossRegions(run, plan);
      const result = await recordVerified(run, plan);
      await moveTags(run, plan);
      return result;
    });
  });
}
