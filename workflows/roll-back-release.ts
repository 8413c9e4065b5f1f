import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { SignedDecision } from '../domain/contract/decisions.ts';
import type { PlanOutline } from '../domain/contract/outline.ts';
import type { ReleaseRequest } from '../domain/contract/release.ts';
import type { ReleaseResult } from '../domain/contract/status.ts';
import { ofRun } from '../domain/weight.ts';
import { inSentences } from '../domain/whole-text.ts';
import { takeOver } from './checkpoint.ts';
import { conclude } from './conclude.ts';
import { takeDecisions } from './decisions.ts';
import { refuseHeavy } from './light.ts';
import { patiently } from './patiently.ts';
import { claimLane, joinLane } from './phases/lane.ts';
import { refuseSecondStart } from './phases/read-pipeline.ts';
import { backInWords, rollBackRegions } from './phases/roll-back-regions.ts';
import { Run } from './run.ts';
import { newRunState } from './run-state.ts';
import type { RunState } from './run-state.ts';
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
export async function rollBackRelease(input: RollbackRequest, carried?: RunState): Promise<ReleaseResult> {
  refuseHeavy([input, carried], ofRun);
  const { releaseId, request, decision } = input;
  const about = { request, subject: releaseId };
  const run = new Run(input, carried ?? newRunState(workflowInfo().workflowId, Date.now(), about));
  takeDecisions(run);
  return conclude(run, async () => {
    await takeOver(run);
    const plan = await findRelease(run, releaseId);
    await joinLane(run);
    await claimLane(run);
    const going = decision.decision.regions ?? run.state.undoing ?? plan.regions;
    // Half rolled back is the worst place to stop at: from here on nobody cancels it.
    const left = going.filter((region) => !isBackIn(run, region));
    if (left.length > 0) await CancellationScope.nonCancellable(() => rollBackRegions(run, plan, left));
    const { isBack, words } = backInWords(run, going, 'back on the release verified before');
    return run.result(isBack ? 'rolled-back' : 'halted', inSentences(words));
  });
}

/** Before the run moved to a newer engine. */
function isBackIn({ status }: Run, region: string): boolean {
  const phase = status.regions.find((one) => one.region === region)?.phase;
  return phase === 'rolled-back' || phase === 'partly-back';
}

async function findRelease(run: Run, releaseId: string): Promise<PlanOutline> {
  await run.once('found', async () => {
    const { plan, outline, earlier, touched } = await patiently(run, 'find the release', () =>
      looking.engine.findRelease.executeWithOptions({ summary: 'find the release' }, [{ releaseId, by: run.id }]),
    );
    refuseSecondStart(run, earlier);
    run.state.plan = plan;
    run.state.read = outline;
    if (touched) run.state.undoing = touched;
    run.status.planHash = plan.hash;
  });
  return run.state.plan!;
}
