import { canonicalJson } from '../../domain/canonical.ts';
import type { LaneMemory } from '../../domain/contract/lane.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { inWordsOnRecord } from '../../domain/lane.ts';
import { laneMemory, newLane } from '../../domain/lane-state.ts';
import type { LaneState, LaneStep } from '../../domain/lane-state.ts';
import { tell } from './members.ts';
import { laneSteps, untilDone } from './steps.ts';

/**
 * A lane that begins knows nothing until it has read the records: one that was ended by hand must not forget what closes it, or who was
 * writing. Who waited, and whoever may have missed a grant, is asked to claim again.
 */
export async function begin(lane: LaneKey): Promise<LaneState> {
  const summary = 'read what closes it, who was writing and who waited';
  const found = await untilDone(() => laneSteps.beginLane.executeWithOptions({ summary }, [{ lane }]));
  const known = [...(found.holder ? [found.holder.member.releaseId] : []), ...found.waiting];
  await Promise.all(known.map((releaseId) => tell(releaseId, { kind: 'ask-again' })));
  return newLane(lane, found);
}

/**
 * What must outlive this workflow is written before anybody is told. Returns the step as it was written; undefined when the records know
 * something newer: this lane was set back to an earlier point, and must begin anew.
 */
export async function remember(before: LaneState, step: LaneStep): Promise<LaneStep | undefined> {
  const { state: after } = step;
  const memory = laneMemory(after);
  if (canonicalJson(memory) === canonicalJson(laneMemory(before))) return step;
  const { lane, incarnation } = after;
  const sequence = before.sequence + 1;
  const summary = `record: ${inWords(memory)}`;
  const { written, holds = [] } = await untilDone(() =>
    laneSteps.recordLane.executeWithOptions({ summary }, [{ lane, incarnation, sequence, ...memory }]),
  );
  return written ? inWordsOnRecord({ ...step, state: { ...after, sequence } }, holds) : undefined;
}

function inWords({ holder, closures, waiting }: LaneMemory): string {
  const closed = closures.map(({ kind }) => `, ${kind}`).slice(0, 5);
  return `${holder ? 'a holder' : 'no holder'}${closed.join('')}${waiting.length > 0 ? `, ${waiting.length} waiting` : ''}`;
}
