import { activityInfo } from '@temporalio/activity';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { Digest } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { placeInWords } from '../../domain/left-behind.ts';
import type { Purpose } from '../../domain/run-kinds.ts';
import type { Records } from '../records/port.ts';
import { thisRun } from './touching.ts';

interface Wanted {
  region: string;
  component: string;
  purpose: Purpose;
  artifact: Digest;
}

/** Of the region, by the numbers that the records give. */
export interface RegionChange {
  number: number;
  /** The one that had begun last. */
  before: number | undefined;
}

/**
 * Changes a region: on record before it begins, and when it is over. In between nothing counts that anybody sees there, as a look may have
 * been before the effect or after it. Throws SLIP-REL-9 and SLIP-REL-10 (terminal) before anything is changed.
 */
export async function changing<Answer>(
  { records: { changes }, now }: { records: Pick<Records, 'changes'>; now: () => number },
  wanted: Wanted,
  effect: () => Promise<Answer>,
): Promise<{ answer: Answer; change: RegionChange }> {
  const { workflowId, runId } = thisRun();
  const lane = laneOfRun(workflowId);
  if (!lane) throw failure('SLIP-REL-10', `${workflowId} belongs to no lane`);
  const change = await changes.begin(
    { lane, ...wanted, step: `${runId}/${activityInfo().activityId}` },
    { workflowId, runId, what: placeInWords(wanted.component, wanted.region), at: now() },
  );
  try {
    const answer = await effect();
    await changes.end(change.number, true);
    return { answer, change };
  } catch (error) {
    // Where that cannot be said it stays under way, until the step is tried again, or something later is written there.
    await changes.end(change.number, false).catch(() => undefined);
    throw error;
  }
}
