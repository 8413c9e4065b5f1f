import { getExternalWorkflowHandle, log } from '@temporalio/workflow';
import type { LaneAnswer } from '../../domain/contract/lane.ts';
import type { LaneEvent, LaneState, LaneStep } from '../../domain/lane-state.ts';
import { isSameTicket } from '../../domain/ticket.ts';
import { laneAnswerSignal } from '../messages.ts';
import { laneSteps, untilDone } from './steps.ts';

/** False when the run is not there any more. */
export async function tell(releaseId: string, answer: LaneAnswer): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(releaseId).signal(laneAnswerSignal, answer);
    return true;
  } catch (error) {
    log.warn('a run that waited for the lane is gone', { releaseId, error: String(error) });
    return false;
  }
}

/** Tells everybody; what it means that somebody is not there any more. */
export async function tellAll(answers: LaneStep['answers'], before: LaneState): Promise<LaneEvent[]> {
  const news: LaneEvent[] = [];
  for (const { releaseId, answer } of answers) {
    if (await tell(releaseId, answer)) continue;
    if (answer.kind === 'granted' && isSaidAgain(answer, before)) news.push(...(await lookFor(releaseId)));
    // Who never heard of its grant has done nothing with it.
    else news.push({ kind: 'leave', releaseId, disposition: { kind: 'free' } });
  }
  return news;
}

function isSaidAgain({ ticket }: LaneAnswer & { kind: 'granted' }, { holder }: LaneState): boolean {
  return isSameTicket(holder?.ticket, ticket);
}

/** Nothing while the holder's run is open; else that it is gone, how it has ended, and whether its hold was lifted since. */
export async function lookFor(releaseId: string): Promise<LaneEvent[]> {
  const summary = `is ${releaseId} still there?`;
  const { open, outcome, lifted } = await untilDone(() =>
    laneSteps.lookAtHolder.executeWithOptions({ summary }, [{ releaseId }]),
  );
  return open
    ? []
    : [{ kind: 'holder-gone', releaseId, ...(outcome !== undefined && { outcome }), ...(lifted && { lifted }) }];
}
