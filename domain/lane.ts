import type { LaneAnswer, LaneDisposition, LaneFreeze, LaneHold, LaneMember, LaneOrder } from './contract/lane.ts';
import type { LaneStatus } from './contract/status.ts';
import type { Millis, Ticket } from './contract/release.ts';
import { compareTickets } from './ticket.ts';

/**
 * The lane of one service in one environment: at most one holder, who alone may write there. Pure: every message gives a new
 * state and what to tell whom. The same message twice changes nothing the second time, but is answered again.
 */
export interface LaneState {
  incarnation: number;
  /** The number of the last ticket given out in this incarnation. */
  lastN: number;
  holder?: LaneHolder;
  queue: Waiting[];
  hold?: LaneHold;
  freeze?: LaneFreeze;
  /** Whom a newer release made pointless, until they have left: a claim of theirs that was under way must not bring them back. */
  superseded?: { releaseId: string; by: string }[];
}

export interface LaneHolder {
  member: LaneMember;
  ticket: Ticket;
  since: Millis;
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
  /** The holder's run is closed and it never left. */
  | { kind: 'holder-gone'; releaseId: string }
  | { kind: 'order'; order: LaneOrder };

export interface LaneStep {
  state: LaneState;
  answers: { releaseId: string; answer: LaneAnswer }[];
}

export function newLane(incarnation: number, loaded: Pick<LaneState, 'hold' | 'freeze' | 'holder'> = {}): LaneState {
  return { incarnation, lastN: 0, queue: [], ...loaded };
}

/** Takes one message. `now` is the lane's clock, ms. */
export function stepLane(state: LaneState, event: LaneEvent, now: Millis): LaneStep {
  return settle(receive(state, event, now), now);
}

function receive(state: LaneState, event: LaneEvent, now: Millis): LaneStep {
  switch (event.kind) {
    case 'join':
      return { state: withMember(forget(state, event.member.releaseId), event.member), answers: [] };
    case 'claim':
      return claim(withoutReturned(state, event), event.member);
    case 'leave':
      return { state: leave(forget(state, event.releaseId), event.releaseId, event.disposition, now), answers: [] };
    case 'step-back': {
      const holder = state.holder;
      if (holder?.member.releaseId !== event.releaseId) return { state, answers: [] };
      const { holder: _gone, ...rest } = state;
      return { state: { ...rest, queue: [{ member: holder.member, claiming: false }, ...state.queue] }, answers: [] };
    }
    case 'holder-gone':
      return { state: leave(state, event.releaseId, goneWithoutLeaving(event.releaseId), now), answers: [] };
    case 'order':
      return { state: obey(state, event.order), answers: [] };
  }
}

function obey(state: LaneState, order: LaneOrder): LaneState {
  const { hold, freeze, ...rest } = state;
  switch (order.kind) {
    case 'freeze':
      // An older one comes late, or is played again, so that an order to lift it would lift this one.
      if (freeze && freeze.at >= order.at) return state;
      return { ...state, freeze: { reason: order.reason, by: order.by, at: order.at } };
    case 'unfreeze':
      return freeze?.at === order.lifts ? { ...rest, ...(hold && { hold }) } : state;
    case 'clear-hold':
      return hold?.at === order.lifts ? { ...rest, ...(freeze && { freeze }) } : state;
  }
}

/** A lane that was ended by hand does not know what was given back to it: who claims with the ticket it has on record does not hold it. */
function withoutReturned(state: LaneState, { member, had }: { member: LaneMember; had?: Ticket }): LaneState {
  const { holder, ...rest } = state;
  const isReturned = holder?.member.releaseId === member.releaseId && had && compareTickets(had, holder.ticket) >= 0;
  return isReturned ? rest : state;
}

/** A holder that closed without leaving may have left anything behind: never free. */
function goneWithoutLeaving(releaseId: string): LaneDisposition {
  return { kind: 'hold', reason: `${releaseId} closed without leaving the lane: look at what it left behind` };
}

function isKnown(state: LaneState, releaseId: string): boolean {
  return state.holder?.member.releaseId === releaseId || state.queue.some((w) => w.member.releaseId === releaseId);
}

function withMember(state: LaneState, member: LaneMember): LaneState {
  return isKnown(state, member.releaseId) ? state : { ...state, queue: [...state.queue, { member, claiming: false }] };
}

function forget(state: LaneState, releaseId: string): LaneState {
  return state.superseded?.some((s) => s.releaseId === releaseId)
    ? { ...state, superseded: state.superseded.filter((s) => s.releaseId !== releaseId) }
    : state;
}

function claim(state: LaneState, member: LaneMember): LaneStep {
  const known = state.superseded?.find((s) => s.releaseId === member.releaseId);
  if (known) return { state, answers: [{ releaseId: member.releaseId, answer: { kind: 'superseded', by: known.by } }] };
  if (state.holder?.member.releaseId === member.releaseId) {
    // The grant was lost on its way: say it again, with the same ticket.
    return {
      state,
      answers: [{ releaseId: member.releaseId, answer: { kind: 'granted', ticket: state.holder.ticket } }],
    };
  }
  const joined = withMember(state, member);
  const queue = joined.queue.map((w) =>
    w.member.releaseId === member.releaseId ? { member: w.member, claiming: true } : w,
  );
  const overtaken = overtakenBy(queue, member);
  const superseded = overtaken.map((w) => ({ releaseId: w.member.releaseId, by: member.releaseId }));
  return {
    state: {
      ...joined,
      queue: queue.filter((w) => !overtaken.includes(w)),
      ...(superseded.length > 0 && { superseded: [...(state.superseded ?? []), ...superseded].slice(-mostRemembered) }),
    },
    answers: superseded.map(({ releaseId, by }) => ({ releaseId, answer: { kind: 'superseded', by } })),
  };
}

/** Runs that were terminated never leave: they are forgotten when there are this many. */
const mostRemembered = 50;

/**
 * Under `supersede`, a release that is ready to write makes every release that was asked for before it pointless. By the time of asking,
 * not by the place in the queue: after a lane was ended by hand, the waiting come back in any order.
 */
function overtakenBy(queue: Waiting[], member: LaneMember): Waiting[] {
  if (member.kind !== 'release' || member.queue !== 'supersede') return [];
  return queue.filter((w) => w.member.kind === 'release' && isOlder(w.member, member));
}

function isOlder(a: LaneMember, b: LaneMember): boolean {
  return a.joinedAt === b.joinedAt ? a.releaseId < b.releaseId : a.joinedAt < b.joinedAt;
}

function leave(state: LaneState, releaseId: string, disposition: LaneDisposition, now: Millis): LaneState {
  if (state.holder?.member.releaseId !== releaseId) {
    return { ...state, queue: state.queue.filter((w) => w.member.releaseId !== releaseId) };
  }
  const { holder: _left, ...rest } = state;
  return disposition.kind === 'hold' ? { ...rest, hold: { reason: disposition.reason, by: releaseId, at: now } } : rest;
}

/** Why nobody of this kind is let in now; undefined when the lane is open to it. */
function closedTo(state: LaneState, waiting: Waiting): string | undefined {
  if (state.holder) return `${state.holder.member.releaseId} holds the lane`;
  if (waiting.member.kind === 'rollback') return undefined;
  if (state.freeze) return `frozen by ${state.freeze.by}: ${state.freeze.reason}`;
  if (state.hold) return `on hold: ${state.hold.reason}`;
  return undefined;
}

/** Grants to the first who may enter (rollbacks first), and tells everyone else who claims why they wait, once per reason. */
function settle({ state, answers }: LaneStep, now: Millis): LaneStep {
  const claimers = state.queue.filter((w) => w.claiming);
  const next = [...claimers.filter((w) => w.member.kind === 'rollback'), ...claimers].find((w) => !closedTo(state, w));
  if (next) {
    const ticket = { incarnation: state.incarnation, n: state.lastN + 1 };
    const granted: LaneState = {
      ...state,
      lastN: ticket.n,
      holder: { member: next.member, ticket, since: now },
      queue: state.queue.filter((w) => w !== next),
    };
    return settle(
      {
        state: granted,
        answers: [...answers, { releaseId: next.member.releaseId, answer: { kind: 'granted', ticket } }],
      },
      now,
    );
  }
  const told = state.queue.map((w) => ({ ...w, ...(w.claiming && { told: closedTo(state, w) ?? '' }) }));
  const news = told.filter((w, i) => w.claiming && w.told !== state.queue[i]?.told);
  return {
    state: { ...state, queue: told },
    answers: [
      ...answers,
      ...news.map((w) => ({
        releaseId: w.member.releaseId,
        answer: { kind: 'waiting' as const, reason: w.told ?? '' },
      })),
    ],
  };
}

export function laneStatus(state: LaneState): LaneStatus {
  return {
    ...(state.holder && {
      holder: { releaseId: state.holder.member.releaseId, ticket: state.holder.ticket, since: state.holder.since },
    }),
    queue: state.queue.map(({ member, claiming }) => ({ ...member, claiming })),
    ...(state.hold && { hold: state.hold }),
    ...(state.freeze && { freeze: state.freeze }),
    lastTicket: { incarnation: state.incarnation, n: state.lastN },
  };
}
