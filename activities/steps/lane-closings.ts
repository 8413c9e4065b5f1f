import type { JudgedOrder, LaneClosure, LaneHold, SignedLaneOrder, Stored } from '../../domain/contract/lane.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Millis } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { holdReason } from '../../domain/hold-reason.ts';
import { closuresBy, closuresInForce, holdIdOf, passedBy } from '../../domain/lane-closures.ts';
import { refuseOrder } from '../../domain/lane-order.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import { unprovenFreezes } from '../../domain/unproven-orders.ts';
import type { UnprovenOrder } from '../../domain/unproven-orders.ts';
import type { Records } from '../records/port.ts';
import { isByUnknownKey } from '../shared/signatures.ts';
import type { Verifier } from '../shared/signatures.ts';

export interface ClosingDependencies {
  records: Pick<Records, 'closings'>;
  verifier: Pick<Verifier, 'verifyOrder' | 'keyIds'>;
}

type OnRecord = Awaited<ReturnType<Records['closings']['list']>>;

/** What people have ordered of a lane, and what the ends of runs have left. */
export interface Closings {
  /** By signatures that hold; freezes also where it cannot be told whether they do. */
  orders: Stored<JudgedOrder>[];
  holds: Stored<LaneHold>[];
  /** All that name a key which is not known here. */
  unproven: UnprovenOrder[];
  /** Those of the orders whose signatures hold, as they were signed, to be delivered. */
  signed: SignedLaneOrder[];
}

export function lawful(
  { orders, holds }: OnRecord,
  { lane, verifier }: { lane: LaneKey; verifier: ClosingDependencies['verifier'] },
): Closings {
  const ours = orders.filter(({ signed }) => refuseOrder(signed, lane) === undefined);
  const { proven = [], others = [] } = Object.groupBy(ours, ({ signed }) =>
    verifier.verifyOrder(signed) ? 'proven' : 'others',
  );
  const unproven = others
    .filter(({ signed }) => isByUnknownKey(signed, verifier))
    .map(({ signed: { order, keyId }, storedAt }) => ({ ...order, keyId, storedAt }));
  return {
    orders: [
      ...proven.map(({ signed: { order }, storedAt }) => ({ ...order, storedAt })),
      ...unprovenFreezes(unproven),
    ],
    holds,
    unproven,
    signed: proven.map(({ signed }) => signed),
  };
}

export async function closingsOf({ records, verifier }: ClosingDependencies, lane: LaneKey): Promise<Closings> {
  return lawful(await records.closings.list(lane), { lane, verifier });
}

/** What closes this lane by right, whatever the lane itself says: signed orders, and the ends of runs. */
export async function closuresOf(deps: ClosingDependencies, lane: LaneKey, now: Millis): Promise<LaneClosure[]> {
  return closuresInForce(await closingsOf(deps, lane), { lane, now });
}

/** Whether people have lifted already what the end of this run has left: a lane may hear of that end later than they did. */
export async function isHoldLifted(deps: ClosingDependencies, releaseId: string, now: Millis): Promise<boolean> {
  const lane = laneOfRun(releaseId);
  if (!lane) return false;
  const closings = await closingsOf(deps, lane);
  const isLeft = closings.holds.some(({ by }) => by === releaseId);
  const inForce = closuresInForce(closings, { lane, now });
  return isLeft && !inForce.some(({ kind, by }) => kind === 'hold' && by === releaseId);
}

/**
 * What should have kept this run out that the lane has let in: a freeze that was signed in that very moment. Throws SLIP-REL-10 (terminal) for
 * one that it has not.
 */
export async function passedOnGrant(
  { records, verifier }: ClosingDependencies & { records: Pick<Records, 'lanes'> },
  releaseId: string,
  now: Millis,
): Promise<LaneClosure | undefined> {
  const notHeld = () => failure('SLIP-REL-10', `${releaseId} does not hold its lane`);
  const lane = laneOfRun(releaseId);
  if (!lane) throw notHeld();
  const [holder, closings] = await Promise.all([records.lanes.holder(lane), closingsOf({ records, verifier }, lane)]);
  if (holder?.member.releaseId !== releaseId) throw notHeld();
  return passedBy(closuresBy(closings, { lane, now }), holder, now);
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
  if (!lane || meaningOf(outcome).lane !== 'hold') return;
  const [known, holder] = await Promise.all([touched.find(releaseId), lanes.holder(lane)]);
  if (!known && holder?.member.releaseId !== releaseId) return;
  const reason = holdReason({ releaseId, outcome, changed: known?.what ?? [], summary });
  await closings.hold(lane, { id: holdIdOf(releaseId), by: releaseId, reason, from: now });
}
