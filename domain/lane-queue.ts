import type { LaneMember } from './contract/lane.ts';
import type { Ticket } from './contract/release.ts';
import type { LaneState, LaneStep, Waiting } from './lane-state.ts';
import { compareTickets } from './ticket.ts';

/** Who has a place in the lane, and whom a newer release makes pointless. */

function isKnown(state: LaneState, releaseId: string): boolean {
  return state.holder?.member.releaseId === releaseId || state.queue.some((w) => w.member.releaseId === releaseId);
}

/**
 * How many a lane carries, and one more where its holder steps back into a full one: each with up to 3 kB of names and of why it waits, and a
 * server takes 2 MB when a lane goes on in a new run. Who finds no place loses nothing but that: a claim makes one, and is said again for as long
 * as nobody answers. No released version has lanes that carry more, so that what becomes of those beyond has no patch: a lane of an older commit
 * in which more waited is terminated, and begun anew from the records.
 */
const places = 500;

export function withMember(state: LaneState, member: LaneMember): LaneState {
  const isFull = state.queue.length >= places;
  return isFull || isKnown(state, member.releaseId)
    ? state
    : { ...state, queue: [...state.queue, { member, claiming: false }] };
}

/**
 * In place of the last who only joined; a rollback, which goes first, also in place of the last releases. As many go as it takes, and nobody where
 * it would be for nothing.
 */
function withPlaceFor(state: LaneState, { releaseId, kind }: LaneMember): LaneState {
  const tooMany = state.queue.length + 1 - places;
  if (tooMany <= 0 || isKnown(state, releaseId)) return state;
  const fromTheLast = state.queue.toReversed();
  const joined = fromTheLast.filter(({ claiming }) => !claiming);
  const releases = fromTheLast.filter(({ claiming, member }) => claiming && member.kind === 'release');
  const mayGo = kind === 'rollback' ? [...joined, ...releases] : joined;
  if (mayGo.length < tooMany) return state;
  const gone = new Set(mayGo.slice(0, tooMany));
  return { ...state, queue: state.queue.filter((w) => !gone.has(w)) };
}

export function forget(state: LaneState, releaseId: string): LaneState {
  return state.superseded?.some((s) => s.releaseId === releaseId)
    ? { ...state, superseded: state.superseded.filter((s) => s.releaseId !== releaseId) }
    : state;
}

export function withoutMember(state: LaneState, releaseId: string): LaneState {
  const { holder, ...rest } = state;
  const isHolder = holder?.member.releaseId === releaseId;
  return {
    ...rest,
    ...(holder && !isHolder && { holder }),
    queue: state.queue.filter((w) => w.member.releaseId !== releaseId),
  };
}

/** A lane that was ended by hand does not know what was given back to it: who claims with the ticket it has on record does not hold it. */
export function withoutReturned(state: LaneState, { member, had }: { member: LaneMember; had?: Ticket }): LaneState {
  const { holder, ...rest } = state;
  const isReturned = holder?.member.releaseId === member.releaseId && had && compareTickets(had, holder.ticket) >= 0;
  return isReturned ? rest : state;
}

/** Ready to write from now on. */
export function claim(state: LaneState, member: LaneMember): LaneStep {
  const known = state.superseded?.find((s) => s.releaseId === member.releaseId);
  if (known) return { state, answers: [{ releaseId: member.releaseId, answer: { kind: 'superseded', by: known.by } }] };
  if (state.holder?.member.releaseId === member.releaseId) {
    // The grant was lost on its way: say it again, with the same ticket.
    return {
      state,
      answers: [{ releaseId: member.releaseId, answer: { kind: 'granted', ticket: state.holder.ticket } }],
    };
  }
  const joined = withMember(withPlaceFor(state, member), member);
  const queue = joined.queue.map((w) =>
    w.member.releaseId === member.releaseId ? { member: w.member, claiming: true } : w,
  );
  // Who finds no place makes nobody pointless: it may never get one.
  const overtaken = isKnown(joined, member.releaseId) ? overtakenBy(queue, member) : [];
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
