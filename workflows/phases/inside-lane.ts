import { CancellationScope } from '@temporalio/workflow';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';
import { concludeFailure } from './conclude-failure.ts';

/** From here on this run is the only writer. A failure is concluded, and rolled back, before the lane is left. */
export async function insideLane(
  run: Run,
  plan: ReleasePlan,
  body: () => Promise<ReleaseResult>,
): Promise<ReleaseResult> {
  try {
    if (plan.approval.required) {
      await changing.engine.consumeApproval.executeWithOptions({ summary: 'use up the approval' }, [
        { releaseId: run.id, planHash: run.planHash ?? '', decisionIds: approvalsOf(run) },
      ]);
    }
    return await body();
  } catch (problem) {
    // Nothing has been changed: it ends as it would have outside the lane.
    if (!run.touched) throw problem;
    return CancellationScope.nonCancellable(() => concludeFailure(run, plan, problem));
  }
}

function approvalsOf(run: Run): string[] {
  return run.decisions
    .filter(({ decision }) => decision.kind === 'approve' && decision.planHash === run.planHash)
    .map(({ decision }) => decision.id);
}
