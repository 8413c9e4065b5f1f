import { ActivityFailure, CancellationScope } from '@temporalio/workflow';
import { mostUntold } from '../../domain/announcements.ts';
import type { Announcement } from '../../domain/announcements.ts';
import { failureOf } from '../failures.ts';
import type { Run } from '../run.ts';
import { telling } from '../steps.ts';

/**
 * Says something where people are told, and waits for nobody: while the records are away the run goes on, and what is not written down yet it
 * carries on, from run to run and into the step of its end. What it said first is written first.
 */
export function tellPeople(run: Run, message: Announcement): void {
  const untold = (run.state.untold ??= []);
  untold.push(message);
  // The one that is being written stays where it is.
  if (untold.length > mostUntold) untold.splice(1, 1);
  tellOn(run);
}

/** Goes on with what is not written down yet: of the run before this one, too. */
export function tellOn(run: Run): void {
  if (run.telling || run.state.untold === undefined) return;
  run.telling = true;
  void CancellationScope.nonCancellable(() => writeDown(run));
}

async function writeDown(run: Run): Promise<void> {
  for (let next = run.state.untold?.[0]; next !== undefined; next = run.state.untold?.[0]) {
    try {
      await telling.announce.executeWithOptions({ summary: summaries[next.message] }, [next]);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      run.say(`people could not be told: ${failureOf(error).detail}`);
    }
    run.state.untold?.shift();
  }
  delete run.state.untold;
  run.telling = false;
}

const summaries: Record<Announcement['message'], string> = {
  approval: 'ask for approval',
  'approval-reminder': 'remind people of the approval',
  'approval-escalated': 'ask others for the approval, too',
  held: 'tell people that the run is held',
  failed: 'tell people about the failure',
  'region-failed': 'tell people about the region',
};
