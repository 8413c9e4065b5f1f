import { closingsOf } from '../../activities/steps/lane-closings.ts';
import type { Closings } from '../../activities/steps/lane-closings.ts';
import { leftBehindIn } from '../../activities/steps/left-behind.ts';
import { concludeLost } from '../../activities/steps/lost-runs.ts';
import type { LaneView } from '../../domain/contract/gateway.ts';
import type { LaneMemory } from '../../domain/contract/lane.ts';
import { laneId } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import type { EngineAway } from '../../domain/engine-away.ts';
import { closuresInForce, newestOf } from '../../domain/lane-closures.ts';
import { differencesOf, unprovenDifferences } from '../../domain/lane-standing.ts';
import type { LaneDifference } from '../../domain/lane-standing.ts';
import type { GatewayParts } from './calls.ts';
import { lookAt } from './look-at.ts';
import { whyNotOver } from './whether-over.ts';

/** What is on record of a lane: what closes it by signed orders and the ends of runs, and what it has itself written. */
export interface RecordedLane extends LaneMemory {
  closings: Closings;
  /** Absent for a lane that was never used. */
  lastTicket?: Ticket;
}

export async function recordedLane({ records, verifier, now }: GatewayParts, lane: LaneKey): Promise<RecordedLane> {
  const [known, closings] = await Promise.all([records.lanes.look(lane), closingsOf({ records, verifier }, lane)]);
  const closures = closuresInForce(closings, { lane, now: now() });
  if (!known) return { waiting: [], closures, closings };
  const { holder: held, waiting, lastTicket } = known;
  if (!held) return { waiting, lastTicket, closures, closings };
  const { heldSince: _since, ...holder } = held;
  return { holder, waiting, lastTicket, closures, closings };
}

/**
 * How a lane stands: whoever runs a workflow under its id may say what they like, so that only its queue is its own word. Holder and closures
 * are those that the steps go by.
 */
export function standingOf({ holder, closures, lastTicket }: RecordedLane, said: LaneStatus): LaneStatus {
  return {
    queue: said.queue,
    lastTicket: lastTicket ?? said.lastTicket,
    closures: newestOf(closures),
    ...(holder && { holder: { releaseId: holder.member.releaseId, ticket: holder.ticket, since: holder.since } }),
  };
}

/** `said`: what the lane says of itself; absent where nobody answers for it. `away`: why, where that was found out already. */
export async function laneView(
  parts: GatewayParts,
  lane: LaneKey,
  said: LaneStatus | undefined,
  away?: EngineAway,
): Promise<LaneView> {
  const { records, now } = parts;
  const reading = records.inventory.current(lane);
  const [inventory, left, recorded] = await Promise.all([
    reading,
    reading.then((verified) => leftBehindIn(records, lane, verified)),
    recordedLane(parts, lane),
  ]);
  const moreClosures = recorded.closures.length - newestOf(recorded.closures).length;
  const known = {
    ...lane,
    inventory,
    ...(left.length > 0 && { leftBehind: left }),
    ...(moreClosures > 0 && { moreClosures }),
  };
  const unproven = unprovenDifferences(recorded.closures, recorded.closings.unproven, lane);
  if (!said) return { ...known, ...differs(unproven), ...(await unseen(parts, lane, { ...recorded, away })) };
  const status = standingOf(recorded, said);
  const differences = differencesOf({ ...recorded, orders: recorded.closings.orders }, said, { lane, now: now() });
  const holderEnded = status.holder && (await endOf(parts, status.holder.releaseId));
  return { ...known, status, ...differs([...unproven, ...differences]), ...(holderEnded && { holderEnded }) };
}

function differs(differences: readonly LaneDifference[]): Pick<LaneView, 'differs' | 'waysOut'> {
  if (differences.length === 0) return {};
  return { differs: differences.map(({ words }) => words), waysOut: [...new Set(differences.map(({ next }) => next))] };
}

/** Without an answer it may never have been used, or have nobody who answers for it. */
async function unseen(
  parts: GatewayParts,
  lane: LaneKey,
  { holder, waiting, closures, lastTicket, closings, away: known }: RecordedLane & { away: EngineAway | undefined },
): Promise<Pick<LaneView, 'unseen'>> {
  const isOnRecord = lastTicket !== undefined || closings.orders.length + closings.holds.length > 0;
  const run = known === undefined ? await lookAt(parts, laneId(lane)) : { open: true };
  if (!isOnRecord && !run) return {};
  const away = known ?? (run?.open ? await parts.engine.away() : 'lane');
  if (!isOnRecord) return { unseen: { away } };
  return { unseen: { away, recorded: { ...(holder && { holder }), waiting, closures: newestOf(closures) } } };
}

/** A run that is gone, or whose history is, is recorded as it is: whoever waits for the lane need not wonder. */
async function endOf(parts: GatewayParts, releaseId: string): Promise<LaneView['holderEnded']> {
  const run = await lookAt(parts, releaseId);
  if (run?.open || (!run && (await whyNotOver(parts, releaseId)))) return undefined;
  const outcome = await concludeLost(parts, releaseId, parts.now());
  return { ...(outcome !== undefined && { outcome }) };
}
