import type { LaneClosure, LaneHolder, LaneOrder } from './contract/lane.ts';
import type { Millis } from './contract/release.ts';
import type { LaneStatus } from './contract/status.ts';
import { closureInWords, isOver, lifts, newestOf } from './lane-closures.ts';
import { isSameTicket } from './ticket.ts';

/** How a lane stands by the records, which is what counts for every step. */
export interface LaneOnRecord {
  holder?: LaneHolder;
  closures: LaneClosure[];
}

type Said = Pick<LaneStatus, 'holder' | 'closures'>;

/**
 * Where a lane says otherwise of itself, in words. It may not have heard yet, or be about to write; or somebody else runs under its id. Of
 * its queue nobody else knows.
 */
export function differencesOf(recorded: LaneOnRecord, said: Said, now: Millis): string[] {
  const own = said.closures.filter((closure) => !isOver(closure, now));
  // More than that no lane carries.
  const unheard = newestOf(recorded.closures).filter((closure) => !own.some((one) => isSame(one, closure)));
  const unknown = own.filter((closure) => !recorded.closures.some((one) => isSame(one, closure)));
  const reworded = own.filter((closure) =>
    recorded.closures.some((one) => isSame(one, closure) && isOtherwise(one, closure)),
  );
  return [
    ...holderDifference(recorded, said),
    ...unheard.map(({ kind, id }) => `the lane itself does not say that it is closed by the ${kind} ${id}`),
    ...newestOf(unknown).map(
      (closure) =>
        `the lane itself says that it is closed by the ${closure.kind} ${closure.id}, which is not on record so: ${closureInWords(closure)}`,
    ),
    ...newestOf(reworded).map(
      (closure) =>
        `the lane itself says of the hold ${closure.id} in other words than those on record: ${closureInWords(closure)}`,
    ),
  ];
}

function holderDifference({ holder }: LaneOnRecord, said: Said): string[] {
  const isHeldBy = said.holder?.releaseId;
  if (isHeldBy === undefined) return holder ? ['the lane itself says that nobody holds it'] : [];
  const isOnRecord = holder?.member.releaseId === isHeldBy && isSameTicket(holder.ticket, said.holder!.ticket);
  return isOnRecord ? [] : [`the lane itself says that ${isHeldBy} holds it, which is not on record so`];
}

/** A lane names the holds that it hears of itself; a run leaves one at most. Freezes are what was signed. */
function isSame(one: LaneClosure, other: LaneClosure): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind === 'hold') return one.by === other.by;
  return one.id === other.id && one.by === other.by && one.reason === other.reason && one.until === other.until;
}

/** Of the same hold. What a run has told the lane of it is held against what its end has left on record. */
function isOtherwise(one: LaneClosure, other: LaneClosure): boolean {
  return one.kind === 'hold' && one.reason !== other.reason;
}

/** Orders on record that a lane has not heard, by what it says: freezes that it does not know, and what lifts those closures that it still has. */
export function unheardOrders<Order extends LaneOrder>(
  orders: readonly Order[],
  recorded: Pick<LaneOnRecord, 'closures'>,
  said: Pick<LaneStatus, 'closures'>,
): Order[] {
  const knows = (id: string) => said.closures.some((closure) => closure.id === id);
  const carried = new Set(newestOf(recorded.closures).map(({ id }) => id));
  const freezes = orders.filter(({ kind, id }) => kind === 'freeze' && !knows(id) && carried.has(id));
  const open = said.closures.filter((closure) => !recorded.closures.some((one) => isSame(one, closure)));
  const lifting = open.flatMap((closure) => orders.findLast((order) => lifts(order, closure)) ?? []);
  return [...freezes, ...new Set(lifting)];
}
