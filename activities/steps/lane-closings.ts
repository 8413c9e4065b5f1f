import type { LaneClosure, LaneOrder } from '../../domain/contract/lane.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Millis } from '../../domain/contract/release.ts';
import { closuresBy, holdIdOf } from '../../domain/lane-closures.ts';
import { refuseOrder } from '../../domain/lane-order.ts';
import { laneDisposition } from '../../domain/outcomes.ts';
import type { Records, Stored } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';

export interface ClosingDependencies {
  records: Pick<Records, 'closings'>;
  verifier: Pick<Verifier, 'verifyOrder'>;
}

/** What closes this lane by right, whatever the lane itself says: signed orders, and the ends of runs. */
export async function closuresOf(
  { records, verifier }: ClosingDependencies,
  lane: LaneKey,
  now: Millis,
): Promise<LaneClosure[]> {
  const found = closuresAmong(await records.closings.list(lane), { lane, verifier, now });
  return found.map(({ storedAt: _at, ...closure }) => closure);
}

type Known = Awaited<ReturnType<Records['closings']['list']>>;
type Verifying = { lane: LaneKey; verifier: ClosingDependencies['verifier'] };

/** The same of what was read already, with when it was stored. */
export function closuresAmong(known: Known, { now, ...by }: Verifying & { now: Millis }): Stored<LaneClosure>[] {
  return closuresBy({ orders: ordersAmong(known, by), holds: known.holds }, { lane: by.lane, now });
}

/** Tickets that no lane has issued, and that somebody who may has ordered to be passed over. */
export async function clearedTickets({ records, verifier }: ClosingDependencies, lane: LaneKey): Promise<string[]> {
  const orders = ordersAmong(await records.closings.list(lane), { lane, verifier });
  return orders.flatMap((order) => (order.kind === 'clear-ticket' ? [order.ticket] : []));
}

function ordersAmong({ orders }: Known, { lane, verifier }: Verifying): Stored<LaneOrder>[] {
  return orders
    .filter((signed) => refuseOrder(signed, lane) === undefined && verifier.verifyOrder(signed))
    .map(({ order, storedAt }) => ({ ...order, storedAt }));
}

/**
 * Written with the end of a run, and not on the word of whoever tells the lane: what did not end well keeps others out until somebody has
 * looked. A run that never changed anything, and never held the lane, leaves nothing behind.
 */
export async function leaveHold(
  { closings, touched, lanes }: Pick<Records, 'closings' | 'touched' | 'lanes'>,
  { releaseId, outcome, summary }: { releaseId: string; outcome: string; summary: string },
  now: Millis,
): Promise<void> {
  const lane = laneOfRun(releaseId);
  const disposition = laneDisposition(outcome, `${releaseId} ended ${outcome}: ${summary}`.slice(0, 500));
  if (!lane || disposition.kind !== 'hold') return;
  const [changed, holder] = await Promise.all([touched.find(releaseId), lanes.holder(lane)]);
  if (!changed && holder?.member.releaseId !== releaseId) return;
  await closings.hold(lane, { id: holdIdOf(releaseId), by: releaseId, reason: disposition.reason, from: now });
}
