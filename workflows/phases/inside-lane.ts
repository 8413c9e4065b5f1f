import { CancellationScope, ContinueAsNew } from '@temporalio/workflow';
import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';
import { concludeFailure } from './conclude-failure.ts';
import type { Subject } from './subject.ts';

/** From here on this run is the only writer. A failure is concluded, and rolled back, before the lane is left. */
export async function insideLane(
  run: Run,
  plan: PlanOutline,
  { hash, approval }: Subject,
  body: () => Promise<ReleaseResult>,
): Promise<ReleaseResult> {
  if (run.state.concluding) return CancellationScope.nonCancellable(() => concludeFailure(run, plan));
  try {
    if (approval.required) await run.once('approval used', () => consume(run, hash));
    return await body();
  } catch (problem) {
    // Goes on in a new run, or has changed nothing: it ends as it would have outside the lane.
    if (problem instanceof ContinueAsNew || !run.state.touched) throw problem;
    return CancellationScope.nonCancellable(() => concludeFailure(run, plan, problem));
  }
}

function consume(run: Run, hash: string): Promise<void> {
  const decisionIds = run.state.decisions
    .filter(({ decision }) => decision.kind === 'approve' && decision.planHash === hash)
    .map(({ decision }) => decision.id);
  return changing.engine.consumeApproval.executeWithOptions({ summary: 'use up the approval' }, [
    { releaseId: run.id, planHash: hash, decisionIds },
  ]);
}
