import { CancellationScope } from '@temporalio/workflow';
import type { SignedDecision } from '../domain/contract/decisions.ts';
import type { ReleasePlan, ReleaseRequest } from '../domain/contract/release.ts';
import type { ReleaseResult } from '../domain/contract/status.ts';
import { takeDecisions } from './decisions.ts';
import { claimLane, joinLane } from './phases/lane.ts';
import { rollBackRegions } from './phases/roll-back-regions.ts';
import { Run } from './run.ts';
import { looking } from './steps.ts';

export interface RollbackRequest {
  /** The finished release to undo. */
  releaseId: string;
  /** What that release was asked for. */
  request: ReleaseRequest;
  /** Names the regions, if it is not about all of them. Each step reads it again from the records. */
  decision: SignedDecision;
}

/** Returns regions of a finished release to what was verified there before it. */
export async function rollBackRelease({ releaseId, request, decision }: RollbackRequest): Promise<ReleaseResult> {
  const run = new Run(request, 'rollback', releaseId);
  takeDecisions(run);
  return run.conclude(async () => {
    const plan = await findRelease(run, releaseId);
    await joinLane(run);
    await claimLane(run);
    const going = decision.decision.regions ?? plan.regions.map((r) => r.name);
    // Half rolled back is the worst place to stop at: from here on nobody cancels it.
    await CancellationScope.nonCancellable(() => rollBackRegions(run, plan, going));
    return run.result('rolled-back', `${going.join(', ')}: back on the release verified before`);
  });
}

async function findRelease(run: Run, releaseId: string): Promise<ReleasePlan> {
  const { plan, planHash, spec } = await looking.engine.findRelease.executeWithOptions(
    { summary: 'find the release' },
    [{ releaseId }],
  );
  run.plan = plan;
  run.planHash = run.status.planHash = planHash;
  run.spec = spec;
  return plan;
}
