import { CancellationScope } from '@temporalio/workflow';
import type { Authority } from '../../activities/steps/types.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';
import { concludeFailure } from './conclude-failure.ts';

/** From here on this run is the only writer. A failure is concluded, and rolled back, before the lane is left. */
export async function insideLane(run: Run, plan: ReleasePlan, body: () => Promise<ReleaseResult>): Promise<ReleaseResult> {
  try {
    if (plan.approval.required) {
      await changing.engine.consumeApproval.executeWithOptions({ summary: 'use up the approval' }, [
        { releaseId: run.id, planHash: run.planHash ?? '', decisionIds: approvalsOf(run) },
      ]);
    }
    return await body();
  } catch (problem) {
    return CancellationScope.nonCancellable(() => concludeFailure(run, plan, problem));
  }
}

/** What each changing step must show before it gets credentials. */
export function authorityOf(run: Run): Authority {
  if (!run.ticket || !run.planHash) throw new Error('nothing may be changed outside the lane');
  return { releaseId: run.id, subject: run.subject, planHash: run.planHash, ticket: run.ticket };
}

function approvalsOf(run: Run): string[] {
  return run.decisions
    .filter(({ decision }) => decision.kind === 'approve' && decision.planHash === run.planHash)
    .map(({ decision }) => decision.id);
}
