import { randomUUID } from 'node:crypto';
import type { Records } from '../../activities/records/port.ts';
import type { LaneHolder } from '../../domain/contract/lane.ts';
import type { LaneKey } from '../../domain/contract/names.ts';

/** Writes who holds a lane that no workflow keeps, as a lane that begins anew would. */
export async function writeHolder({ lanes }: Records, lane: LaneKey, holder: LaneHolder | undefined): Promise<void> {
  const runId = randomUUID();
  const { incarnation, sequence, waiting } = await lanes.begin(lane, runId);
  const memory = { waiting, ...(holder && { holder }) };
  await lanes.remember(lane, memory, { incarnation, sequence: sequence + 1, runId });
}
