import type { LaneClosure, LaneDisposition, LaneHold, LaneMember, LaneOrder } from './contract/lane.ts';
import type { Millis } from './contract/release.ts';
import {
  closureInWords,
  frozenBy,
  holdAfter,
  isInForce,
  isOver,
  keepsOut,
  lifts,
  nextChangeOf,
} from './lane-closures.ts';
import { claim, forget, withMember, withoutMember, withoutReturned } from './lane-queue.ts';
import type { LaneEvent, LaneState, LaneStep } from './lane-state.ts';
import { inTurn } from './lane-turns.ts';
import { laneDisposition } from './outcomes.ts';
import { longestReason } from './longest-reason.ts';
import { head } from './whole-text.ts';

/**
 * The rule of a lane. Pure: every message gives a new state and what to tell whom. The same message twice changes nothing the second
 * time, but is answered again.
 */

/** Takes one message. `now` is the lane's clock, ms. */
export function stepLane(state: LaneState, event: LaneEvent, now: Millis): LaneStep {
  return settle(receive(withoutPast(state, now), event, now), now);
}

/** When the lane must look at itself again though nobody says anything: a closure begins or ends. Undefined: never. */
export function nextChange(state: LaneState, now: Millis): Millis | undefined {
  return nextChangeOf(state.closures, now);
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
    case 'holder-gone': {
      // It may have left meanwhile, by a message that was on its way: then what it said counts.
      if (state.holder?.member.releaseId !== event.releaseId) return { state, answers: [] };
      return { state: leave(state, event.releaseId, dispositionOfGone(event), now), answers: [] };
    }
    case 'order':
      return { state: obey(state, event.order, now), answers: [] };
    case 'time':
      return { state, answers: [] };
  }
}

function obey(state: LaneState, order: LaneOrder, now: Millis): LaneState {
  switch (order.kind) {
    case 'freeze': {
      const freeze = frozenBy(order, now);
      const isKnown = state.closures.some(({ id }) => id === freeze.id);
      return isKnown || isOver(freeze, now) ? state : { ...state, closures: [...state.closures, freeze] };
    }
    case 'unfreeze':
    case 'clear-hold':
      return without(state, (closure) => lifts(order, closure));
    case 'clear-ticket':
      // Nothing that the lane decides: each write asks the records.
      return state;
  }
}

function withoutPast(state: LaneState, now: Millis): LaneState {
  return without(state, (closure) => isOver(closure, now));
}

function without(state: LaneState, isLifted: (closure: LaneClosure) => boolean): LaneState {
  return state.closures.some(isLifted)
    ? { ...state, closures: state.closures.filter((closure) => !isLifted(closure)) }
    : state;
}

/** By its recorded outcome. One without any may have left anything behind: never free. */
function dispositionOfGone({ releaseId, outcome, lifted }: LaneEvent & { kind: 'holder-gone' }): LaneDisposition {
  // Whoever has seen its end first has recorded it, and a person has looked since: what is not closed on record is not closed here.
  if (lifted) return { kind: 'free' };
  const reason = `${releaseId} closed without leaving the lane: look at what it left behind`;
  return laneDisposition(outcome, reason);
}

/** A hold is never lost: also one that comes from a run which does not hold the lane any more is kept. */
function leave(state: LaneState, releaseId: string, disposition: LaneDisposition, now: Millis): LaneState {
  const left = withoutMember(state, releaseId);
  return disposition.kind === 'hold' ? withHold(left, releaseId, disposition.reason, now) : left;
}

function withHold(state: LaneState, releaseId: string, reason: string, now: Millis): LaneState {
  if (state.closures.some(({ kind, by }) => kind === 'hold' && by === releaseId)) return state;
  const lastHold = state.lastHold + 1;
  const id = `hold-${state.incarnation}.${lastHold}`;
  const hold = holdAfter(releaseId, { id, lane: state.lane, reason: head(reason, longestReason.inLane), now });
  return { ...state, lastHold, closures: [...state.closures, hold] };
}

/**
 * The same step with its holds in the words that are on record, which those that it was told may contradict. Nobody is told more often, or less,
 * by it: so a lane goes on as it did before it knew of this, with no patch.
 */
export function inWordsOnRecord(
  { state, answers }: LaneStep,
  holds: readonly Pick<LaneHold, 'by' | 'reason'>[],
): LaneStep {
  const known = new Map(holds.map(({ by, reason }) => [by, reason]));
  const words = new Map<string, string>();
  const closures = state.closures.map((closure) => {
    const reason = closure.kind === 'hold' ? known.get(closure.by) : undefined;
    if (reason === undefined) return closure;
    const worded = { ...closure, reason };
    words.set(closureInWords(closure), closureInWords(worded));
    return worded;
  });
  const onRecord = (told: string) => words.get(told) ?? told;
  return {
    state: {
      ...state,
      closures,
      queue: state.queue.map((w) => (w.told === undefined ? w : { ...w, told: onRecord(w.told) })),
    },
    answers: answers.map(({ releaseId, answer }) => ({
      releaseId,
      answer: answer.kind === 'waiting' ? { ...answer, reason: onRecord(answer.reason) } : answer,
    })),
  };
}

/** Why this member is not let in now; undefined when the lane is open to it. */
export function closedTo(state: LaneState, member: LaneMember, now: Millis): string | undefined {
  if (state.holder) return `${state.holder.member.releaseId} holds the lane`;
  const closure = state.closures.find((c) => keepsOut(c, member, now));
  return closure && closureInWords(closure);
}

/** Grants to the first who may enter (rollbacks first), and tells everyone else who claims why they wait, once per reason. */
function settle({ state, answers }: LaneStep, now: Millis): LaneStep {
  const claimers = state.queue.filter((w) => w.claiming);
  const inForce = state.closures.filter((closure) => isInForce(closure, now));
  const [next] = inTurn(claimers, ({ member }) => member, inForce);
  if (next && !closedTo(state, next.member, now)) {
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
  const told = state.queue.map((w) => ({ ...w, ...(w.claiming && { told: closedTo(state, w.member, now) ?? '' }) }));
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
