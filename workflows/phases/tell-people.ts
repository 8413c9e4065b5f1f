import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import type { Announcement } from '../../domain/announcements.ts';
import { failureOf } from '../failures.ts';
import type { Run } from '../run.ts';
import { telling } from '../steps.ts';

/** Says something where people are told. A chat that is away or refuses never stops a release: the run says so and goes on. */
export async function tellPeople(run: Run, summary: string, message: Announcement): Promise<void> {
  try {
    await telling.announce.executeWithOptions({ summary }, [message]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    run.say(`people could not be told: ${failureOf(error).detail}`);
  }
}
