import type { LaneClosure, LaneHolder, LaneOrder } from './contract/lane.ts';
import { laneId } from './contract/names.ts';
import type { LaneKey } from './contract/names.ts';
import type { Millis } from './contract/release.ts';
import type { LaneStatus } from './contract/status.ts';
import { closureInWords, isOver, lifts, newestOf } from './lane-closures.ts';
import { asOrdered, isUnproven } from './unproven-orders.ts';
import type { UnprovenOrder } from './unproven-orders.ts';
import { isSameTicket } from './ticket.ts';

/** How a lane stands by the records, which is what counts for every step. */
export interface LaneOnRecord {
  holder?: LaneHolder;
  closures: LaneClosure[];
}

type Said = Pick<LaneStatus, 'holder' | 'closures'>;

/** What a lane says otherwise, and what ends that. */
export interface LaneDifference {
  words: string;
  next: string;
}

/**
 * Where a lane says otherwise of itself. It may not have heard yet, or be about to write; or somebody else runs under its id. Of its queue
 * nobody else knows.
 */
export function differencesOf(
  recorded: LaneOnRecord & { orders: readonly LaneOrder[] },
  said: Said,
  { lane, now }: { lane: LaneKey; now: Millis },
): LaneDifference[] {
  const own = said.closures.filter((closure) => !isOver(closure, now));
  // More than that no lane carries.
  const unheard = newestOf(recorded.closures).filter((closure) => !own.some((one) => isSame(one, closure)));
  const unknown = newestOf(own.filter((closure) => !recorded.closures.some((one) => isSame(one, closure))));
  const reworded = own.filter((closure) =>
    recorded.closures.some((one) => isSame(one, closure) && isOtherwise(one, closure)),
  );
  const closes = recorded.closures.length > 0 ? '' : '; nothing on record closes the lane';
  return [
    ...holderDifference(recorded, said).map((words) => ({ words, next: beginAnew(lane) })),
    ...unheard.map(({ kind, id }) => ({
      words: `the lane itself does not say that it is closed by the ${kind} ${id}, which is in force all the same`,
      // Of a hold a lane hears from the run that left it alone, or when it begins.
      next: kind === 'freeze' ? tellCommand(lane) : beginAnew(lane),
    })),
    ...unknown.map((closure) => ({
      words: `the lane itself says that it is closed by the ${closure.kind} ${closure.id}, which is not on record so: ${closureInWords(closure)}${closes}`,
      next: recorded.orders.some((order) => lifts(order, closure))
        ? tellCommand(lane)
        : liftCommand(lane, closure, recorded.closures),
    })),
    ...newestOf(reworded).map((closure) => ({
      words: `the lane itself says of the hold ${closure.id} in other words than those on record: ${closureInWords(closure)}`,
      next: 'nothing: those on record count, and it takes them when it writes next',
    })),
  ];
}

/** What a key that was taken away has changed: people who look at closures alone would not know why they are there, or there again. */
export function unprovenDifferences(
  closures: readonly LaneClosure[],
  unproven: readonly UnprovenOrder[],
  lane: LaneKey,
): LaneDifference[] {
  return newestOf(closures).flatMap((closure) => {
    const { kind, id } = closure;
    const lifting = unproven.find((order) => lifts(order, closure));
    const next = `put the public key that is missing into SLIPWAY_PUBLIC_KEYS of every process and restart them, or, once the ${kind} is not needed: ${liftCommand(lane, closure, [])}`;
    if (lifting) {
      const words = `an order on record lifts the ${kind} ${id}, and does not count: it names ${lifting.keyId}, a key that is not known here`;
      return [{ words, next }];
    }
    return isUnproven(closure)
      ? [{ words: `the ${kind} ${id} names a key that is not known here, and closes the lane all the same`, next }]
      : [];
  });
}

function holderDifference({ holder }: LaneOnRecord, said: Said): string[] {
  const isHeldBy = said.holder?.releaseId;
  if (isHeldBy === undefined) return holder ? ['the lane itself says that nobody holds it'] : [];
  const isOnRecord = holder?.member.releaseId === isHeldBy && isSameTicket(holder.ticket, said.holder!.ticket);
  return isOnRecord ? [] : [`the lane itself says that ${isHeldBy} holds it, which is not on record so`];
}

/** Has the lane told what it has not heard, and orders nothing. */
export function tellCommand({ service, environment }: LaneKey): string {
  return `slipway lane tell --service ${service} --environment ${environment}`;
}

function liftCommand(lane: LaneKey, { kind, id }: LaneClosure, recorded: readonly LaneClosure[]): string {
  // Whoever runs under the lane's id has chosen it, and people paste commands: not one that a shell makes more of, or that lifts what is on record.
  if (kind === 'window' || !isPlainWord(id) || recorded.some((one) => one.id === id)) return beginAnew(lane);
  const command = kind === 'hold' ? 'lane clear-hold' : 'unfreeze';
  return `slipway ${command} --service ${lane.service} --environment ${lane.environment} --id ${id} --reason "…"`;
}

/** Such as ours are: no shell makes anything else of it. */
const isPlainWord = (word: string) => /^[\w.:/-]{1,200}$/.test(word) && !word.startsWith('-');

/** What is told by no order. */
function beginAnew(lane: LaneKey): string {
  return `if it stays so, terminate ${laneId(lane)} in Temporal, then ${tellCommand(lane)}: the lane begins anew from the records`;
}

/** A lane names the holds that it hears of itself; a run leaves one at most. Freezes are what was signed. */
function isSame(one: LaneClosure, other: LaneClosure): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind === 'hold') return one.by === other.by;
  return one.id === other.id && one.by === other.by && isSameReason(one, other) && one.until === other.until;
}

function isSameReason(one: LaneClosure, other: LaneClosure): boolean {
  return asOrdered(one.reason) === asOrdered(other.reason);
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
