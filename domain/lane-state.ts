import type {
  LaneAnswer,
  LaneBeginning,
  LaneClosure,
  LaneDisposition,
  LaneHolder,
  LaneMember,
  LaneMemory,
  LaneOrder,
} from './contract/lane.ts';
import { searchAttributes } from './contract/names.ts';
import type { LaneKey } from './contract/names.ts';
import type { Millis, Ticket } from './contract/release.ts';
import type { LaneStatus } from './contract/status.ts';
import { isInForce, newestOf } from './lane-closures.ts';

/** The lane of one service in one environment: at most one holder, who alone may write there. */
export interface LaneState {
  lane: LaneKey;
  incarnation: number;
  /** How often this incarnation was written down. */
  sequence: number;
  /** The number of the last ticket given out in this incarnation. */
  lastN: number;
  /** How many holds this incarnation has set: each has an id of its own. */
  lastHold: number;
  holder?: LaneHolder;
  queue: Waiting[];
  /** The newest; see `withFewClosures`. */
  closures: LaneClosure[];
  /** So many older ones close it as well, as far as it has heard. */
  moreClosures?: number;
  /** Whom a newer release made pointless, until they have left: a claim of theirs that was under way must not bring them back. */
  superseded?: { releaseId: string; by: string }[];
}

/** `claiming`: approved and ready to write. `told`: the reason for waiting that it last heard. */
export interface Waiting {
  member: LaneMember;
  claiming: boolean;
  told?: string;
}

export type LaneEvent =
  | { kind: 'join'; member: LaneMember }
  /** `had`: the last ticket that this member was given, and has given back. */
  | { kind: 'claim'; member: LaneMember; had?: Ticket }
  | { kind: 'leave'; releaseId: string; disposition: LaneDisposition }
  /** Gives the lane back but keeps the place: the plan must be approved anew. */
  | { kind: 'step-back'; releaseId: string }
  /** The holder's run is closed and it never left. `outcome`: how it ended, where that is on record. `lifted`: so is that its hold was lifted. */
  | { kind: 'holder-gone'; releaseId: string; outcome?: string; lifted?: boolean }
  | { kind: 'order'; order: LaneOrder }
  /** Nothing but the passing of time. */
  | { kind: 'time' };

export interface LaneStep {
  state: LaneState;
  answers: { releaseId: string; answer: LaneAnswer }[];
}

/** Before it has read the records: nobody is told anything yet. */
export function emptyLane(lane: LaneKey): LaneState {
  return newLane(lane, { incarnation: 0, sequence: 0, closures: [], waiting: [] });
}

/** The queue is not kept: whoever was `waiting` is asked again. */
export function newLane(
  lane: LaneKey,
  { incarnation, sequence, holder, closures, moreClosures }: LaneBeginning,
): LaneState {
  // Each ticket and each hold was written down: no number up to this one is free.
  const used = { lastN: sequence, lastHold: sequence };
  const known = { ...(holder && { holder }), ...(moreClosures && { moreClosures }) };
  return { lane, incarnation, sequence, ...used, queue: [], closures, ...known };
}

/**
 * Carries no more closures than a message holds: a lane that could not be written down, or begin anew, would let nobody back either. What it
 * does not carry it has not lifted: the records refuse whom it lets in, and it begins anew with what is left.
 */
export function withFewClosures(before: LaneState, after: LaneState): LaneState {
  const closures = newestOf(after.closures);
  const dropped = before.closures.filter((one) => after.closures.includes(one) && !closures.includes(one)).length;
  return { ...after, closures, ...(dropped > 0 && { moreClosures: (after.moreClosures ?? 0) + dropped }) };
}

/** What of it must be on record before anybody is told. */
export function laneMemory({ holder, closures, queue }: LaneState): LaneMemory {
  return {
    ...(holder && { holder }),
    closures,
    waiting: queue.filter((w) => w.claiming).map((w) => w.member.releaseId),
  };
}

/**
 * Whom a lane that begins anew asks to claim again, of all that waited: Temporal takes 2,000 signals of one workflow at a time, and each is three
 * events of its history. Whoever is not asked claims again by itself (workflows/phases/lane.ts).
 */
export function askedAnew(waiting: readonly string[]): string[] {
  return waiting.slice(0, 1_000);
}

/** `closed`: until it has read the records, it lets nobody in. */
export function attributesOfNewLane({ service, environment }: LaneKey): Record<string, string> {
  const { service: ofService, environment: ofEnvironment, stage } = searchAttributes;
  return { [ofService]: service, [ofEnvironment]: environment, [stage]: 'closed' };
}

/** What a lane is found by. Waiting for: whose run it is, or which closure. */
export function laneAttributes({ lane, holder, closures }: LaneState, now: Millis): Record<string, string | null> {
  const closure = closures.find((c) => isInForce(c, now));
  return {
    [searchAttributes.service]: lane.service,
    [searchAttributes.environment]: lane.environment,
    [searchAttributes.stage]: holder ? 'held' : closure ? 'closed' : 'open',
    [searchAttributes.waitingFor]: holder?.member.releaseId ?? closure?.id ?? null,
  };
}

export function laneStatus(state: LaneState): LaneStatus {
  return {
    ...(state.holder && {
      holder: { releaseId: state.holder.member.releaseId, ticket: state.holder.ticket, since: state.holder.since },
    }),
    queue: state.queue.map(({ member, claiming }) => ({ ...member, claiming })),
    closures: state.closures,
    lastTicket: { incarnation: state.incarnation, n: state.lastN },
  };
}
