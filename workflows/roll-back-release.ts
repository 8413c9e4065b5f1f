import type { SignedDecision } from '../domain/contract/decisions.ts';
import type { ReleaseResult } from '../domain/contract/status.ts';
import { takeDecisions } from './decisions.ts';
import { claimLane, joinLane } from './phases/lane.ts';
import { rollBackRegions } from './phases/roll-back-regions.ts';
import { Run } from './run.ts';
import { looking } from './steps.ts';

export interface RollbackRequest {
  /** The finished release to undo. */
  releaseId: string;
  regions?: string[];
  decision: SignedDecision;
}

/** Returns regions of a finished release to what was verified there before it. */
export async function rollBackRelease({ releaseId, regions }: RollbackRequest): Promise<ReleaseResult> {
  const { request, plan, planHash, spec } = await looking.engine.findRelease.executeWithOptions({ summary: 'find the release' }, [{ releaseId }]);
  const run = new Run(request, 'rollback', releaseId);
  run.plan = plan;
  run.planHash = run.status.planHash = planHash;
  run.spec = spec;
  run.applied = plan.migrations.filter((m) => m.pending.length > 0);
  takeDecisions(run);
  return run.conclude(async () => {
    await joinLane(run);
    await claimLane(run);
    const going = regions ?? plan.regions.map((r) => r.name);
    await rollBackRegions(run, plan, going);
    return run.result('rolled-back', `${going.join(', ')} is back on the release verified before`);
  });
}
