import { workflowInfo } from '@temporalio/workflow';
import type { ReleaseRequest } from '../domain/contract/release.ts';
import type { ReleaseResult } from '../domain/contract/status.ts';
import { meaningOf } from '../domain/outcomes.ts';
import { ofRun } from '../domain/weight.ts';
import { checkpoint, takeOver } from './checkpoint.ts';
import { conclude } from './conclude.ts';
import { takeDecisions } from './decisions.ts';
import { refuseHeavy } from './light.ts';
import { agreeOnPlan } from './phases/agree-on-plan.ts';
import { concludeFailure } from './phases/conclude-failure.ts';
import { deployWave, verifyAcrossRegions } from './phases/deploy-wave.ts';
import { insideLane } from './phases/inside-lane.ts';
import { joinLane } from './phases/lane.ts';
import { migrateDatabases } from './phases/migrate-databases.ts';
import { moveTags, tagCommit } from './phases/point-tags.ts';
import { prepare } from './phases/prepare.ts';
import { readPipeline } from './phases/read-pipeline.ts';
import { recordVerified } from './phases/record-verified.ts';
import { subjectOf } from './phases/subject.ts';
import { Run } from './run.ts';
import { newRunState } from './run-state.ts';
import type { RunState } from './run-state.ts';

/** A release, from a commit to the last verified region. `carried`: what the run before this one knew, when it continued as new. */
export async function deployRelease(request: ReleaseRequest, carried?: RunState): Promise<ReleaseResult> {
  refuseHeavy([request, carried], ofRun);
  const run = new Run(request, carried ?? newRunState(workflowInfo().workflowId, Date.now(), { request }));
  takeDecisions(run);
  return conclude(run, async () => {
    await takeOver(run);
    // Nothing is touched yet: every failure in here ends as a plain outcome.
    await readPipeline(run);
    await joinLane(run);
    await checkpoint(run);
    await prepare(run); // build ─▶ scan ∥ test
    const plan = await agreeOnPlan(run); // plan ─▶ approve ─▶ claim the lane ─▶ look again
    // From here on a failure is concluded, and rolled back, inside the lane.
    return insideLane(run, subjectOf(plan), {
      body: async () => {
        await tagCommit(run, plan);
        await migrateDatabases(run, plan);
        for (const wave of plan.waves.keys()) await deployWave(run, plan, wave);
        await verifyAcrossRegions(run, plan);
        const result = await recordVerified(run, plan);
        if (meaningOf(result.outcome).proven) await moveTags(run, plan);
        return result;
      },
      onFailure: (problem) => concludeFailure(run, plan, problem),
    });
  });
}
