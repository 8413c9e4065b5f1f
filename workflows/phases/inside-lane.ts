import { CancellationScope, ContinueAsNew } from '@temporalio/workflow';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';
import type { Subject } from './subject.ts';

interface LaneStory {
  body: () => Promise<ReleaseResult>;
  /** What follows when something was changed and did not end well. Without a problem where a run before this one had begun to conclude it. */
  onFailure: (problem?: unknown) => Promise<ReleaseResult>;
}

/** From here on this run is the only writer. A failure is concluded before the lane is left. */
export async function insideLane(
  run: Run,
  { hash, approval }: Subject,
  { body, onFailure }: LaneStory,
): Promise<ReleaseResult> {
  if (run.state.concluding) return CancellationScope.nonCancellable(() => onFailure());
  try {
    if (approval.required) await run.once('approval used', () => consume(run, hash));
    return await body();
  } catch (problem) {
    // Goes on in a new run, or has changed nothing: it ends as it would have outside the lane.
    if (problem instanceof ContinueAsNew || !run.state.touched) throw problem;
    return CancellationScope.nonCancellable(() => onFailure(problem));
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
