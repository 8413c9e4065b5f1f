import type { LaneClosure, LaneHolder, LaneOrder } from './contract/lane.ts';
import { laneId } from './contract/names.ts';
import type { LaneKey } from './contract/names.ts';
import type { Millis } from './contract/release.ts';
import type { LaneStatus } from './contract/status.ts';
import { closureInWords, isOver, lastLifting, newestOf } from './lane-closures.ts';
import { isReasonOf, notKnown } from './unproven-orders.ts';
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
  const unheard = newestOf(recorded.closures).filter((closure) => !own.some((one) => isSame(closure, one)));
  const unknown = newestOf(own.filter((closure) => !recorded.closures.some((one) => isSame(one, closure))));
  const reworded = own.filter((closure) =>
    recorded.closures.some((one) => isSame(one, closure) && isOtherwise(one, closure)),
  );
  const liftingOf = lastLifting(recorded.orders);
  const closes = recorded.closures.length > 0 ? '' : '; nothing on record closes the lane';
  return [
    ...holderDifference(recorded, said).map((words) => ({ words, next: beginAnew(lane) })),
    ...unheard.map((closure) => ({
      words: `the lane itself does not say that it is closed by the ${closure.kind} ${closure.id}, which is in force all the same`,
      next: wayToBeHeard(closure, lane),
    })),
    ...unknown.map((closure) => ({
      words: `the lane itself says that it is closed by the ${closure.kind} ${closure.id}, which is not on record so: ${closureInWords(closure)}${closes}`,
      next: liftingOf(closure) ? tellCommand(lane) : liftCommand(lane, closure, recorded.closures),
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
  const liftingOf = lastLifting(unproven);
  return newestOf(closures).flatMap((closure) => {
    const { kind, id, unprovenKey } = closure;
    const lifting = liftingOf(closure)?.keyId;
    const own = `the ${kind} ${id} names ${unprovenKey}, ${notKnown}, and closes the lane all the same`;
    const other = `an order on record lifts the ${kind} ${id}, and does not count: it names ${lifting}, ${notKnown}`;
    return [
      ...(unprovenKey === undefined ? [] : [{ words: own, next: withTheKey(unprovenKey, closure, lane) }]),
      ...(lifting === undefined ? [] : [{ words: other, next: withTheKey(lifting, closure, lane) }]),
    ];
  });
}

/** Whoever may write to the records could name a key of their own, and one that has leaked was taken away for good. */
function withTheKey(keyId: string, closure: LaneClosure, lane: LaneKey): string {
  const known = `if ${keyId} is the id of a key that a gateway had, and that has not leaked, put its public half into SLIPWAY_PUBLIC_KEYS of every process and restart them`;
  return `${known}; or, once the ${closure.kind} is not needed: ${liftCommand(lane, closure, [])}`;
}

/** What ends that a lane does not know what closes it by the records. */
function wayToBeHeard(closure: LaneClosure, lane: LaneKey): string {
  // Of a hold a lane hears from the run that left it alone, or when it begins.
  if (closure.kind !== 'freeze') return beginAnew(lane);
  // An order that is not proven is told to no lane.
  return closure.unprovenKey === undefined ? tellCommand(lane) : withTheKey(closure.unprovenKey, closure, lane);
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

/** A lane names the holds that it hears of itself; a run leaves one at most. Freezes are what was ordered. */
function isSame(recorded: LaneClosure, said: LaneClosure): boolean {
  if (recorded.kind !== said.kind || recorded.by !== said.by) return false;
  if (recorded.kind === 'hold') return true;
  return recorded.id === said.id && isReasonOf(recorded, said.reason) && recorded.until === said.until;
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
  const liftingOf = lastLifting(orders);
  const open = said.closures.filter((closure) => !recorded.closures.some((one) => isSame(one, closure)));
  const lifting = open.flatMap(liftingOf).filter((order) => order !== undefined);
  return [...freezes, ...new Set(lifting)];
}
