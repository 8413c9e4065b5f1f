import { laneOfRun } from '../../domain/contract/names.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import type { Records } from '../records/port.ts';

/** The ticket by which this run holds its lane, as the lane has written it; undefined for a run that does not. */
export async function ticketOf({ lanes }: Pick<Records, 'lanes'>, runId: string): Promise<Ticket | undefined> {
  const lane = laneOfRun(runId);
  const holder = lane && (await lanes.holder(lane));
  return holder?.member.releaseId === runId ? holder.ticket : undefined;
}
