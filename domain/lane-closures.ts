import type { JudgedOrder, LaneClosure, LaneHold, LaneHolder, LaneMember, LaneOrder, Stored } from './contract/lane.ts';
import type { LaneKey } from './contract/names.ts';
import type { Millis } from './contract/release.ts';
import { mostSkewMs } from './clock-skew.ts';
import { memberKindOf, readRunId } from './run-kinds.ts';
import { unprovenInWords } from './unproven-orders.ts';

/** Rollbacks pass every closure made so far: the way back is never closed. */
const rollbacksPass: LaneClosure['passes'] = [{ kind: 'rollback' }];

export function holdAfter(
  releaseId: string,
  about: { id: string; lane: LaneKey; reason: string; now: Millis },
): LaneClosure {
  const { id, lane, reason, now } = about;
  return { id, kind: 'hold', scope: lane, from: now, passes: rollbacksPass, by: releaseId, reason };
}

/** In force at once, also where the clock of whoever ordered it is ahead of the lane's. */
export function frozenBy(order: LaneOrder & { kind: 'freeze' }, now: Millis): LaneClosure {
  const { id, lane, by, at, reason, until } = order;
  const from = Math.min(at, now);
  return { id, kind: 'freeze', scope: lane, from, ...(until && { until }), passes: rollbacksPass, by, reason };
}

/** The one hold that the end of this run may leave: no other run has one of that name. */
export function holdIdOf(releaseId: string): string {
  const { kind, about = '' } = readRunId(releaseId) ?? {};
  // A commit and an attempt, or the id of an order. Of anything else nothing is left out: it may be made to look like another's.
  const form = kind?.authority === 'approvals' ? /^[^/-]+\/\d+$/ : /^[^/]+$/;
  return kind && form.test(about) ? `hold-${kind.prefix}-${about.replace('/', '-')}` : `hold-${releaseId}`;
}

/**
 * What closes a lane by right: freezes that were ordered, and holds that runs have left, as far as nobody has lifted them since. Orders that do
 * not count are not given to this.
 */
export function closuresBy(
  { orders, holds }: { orders: readonly Stored<JudgedOrder>[]; holds: readonly Stored<LaneHold>[] },
  { lane, now }: { lane: LaneKey; now: Millis },
): Stored<LaneClosure>[] {
  const liftedAt = lastLifted(orders);
  const freezes = orders.flatMap((order) => {
    if (order.kind !== 'freeze') return [];
    const { storedAt, unprovenKey } = order;
    return [{ ...frozenBy(order, now), storedAt, ...(unprovenKey !== undefined && { unprovenKey }) }];
  });
  const held = holds.map(({ id, by, reason, from, storedAt }) => ({
    ...holdAfter(by, { id, lane, reason, now: from }),
    storedAt,
  }));
  return [...held, ...freezes].filter((closure) => liftedAt(closure) < closure.storedAt && !isOver(closure, now));
}

/** When a closure was lifted last. Orders are gone through once for all: there may be twenty thousand of both. */
function lastLifted(orders: readonly Stored<LaneOrder>[]): (closure: Lifted) => Millis {
  const last = new Map<string, Millis>();
  for (const order of orders)
    for (const name of liftedBy(order)) last.set(name, Math.max(last.get(name) ?? -Infinity, order.storedAt));
  return (closure) => Math.max(...namesOf(closure).map((name) => last.get(name) ?? -Infinity));
}

/** The same, as a lane says it of itself. */
export function closuresInForce(...known: Parameters<typeof closuresBy>): LaneClosure[] {
  return closuresBy(...known).map(({ storedAt: _at, ...closure }) => closure);
}

type Lifted = Pick<LaneClosure, 'kind' | 'id' | 'by'>;

/** Whether this order ends that closure. */
export function lifts(order: LaneOrder, closure: Lifted): boolean {
  const names = namesOf(closure);
  return liftedBy(order).some((name) => names.includes(name));
}

/** The last of these orders that ends a closure, if there is one. They are gone through once for all, too. */
export function lastLifting<Order extends LaneOrder>(orders: readonly Order[]): (closure: Lifted) => Order | undefined {
  const last = new Map<string, number>();
  for (const [at, order] of orders.entries()) for (const name of liftedBy(order)) last.set(name, at);
  return (closure) => orders[Math.max(...namesOf(closure).map((name) => last.get(name) ?? -1))];
}

/** By what an order names what it lifts: a hold by its id, or by the run that left it. */
function liftedBy(order: LaneOrder): string[] {
  if (order.kind === 'unfreeze') return [`freeze ${order.lifts}`];
  if (order.kind !== 'clear-hold') return [];
  return [`hold ${order.lifts}`, ...(order.of === undefined ? [] : [`hold-by ${order.of}`])];
}

function namesOf({ kind, id, by }: Lifted): string[] {
  return kind === 'hold' ? [`hold ${id}`, `hold-by ${by}`] : kind === 'freeze' ? [`freeze ${id}`] : [];
}

/** Tickets that no lane has given out, and that somebody who may has ordered to be passed over. */
export function ticketsPassedOver(orders: readonly LaneOrder[]): string[] {
  return orders.flatMap((order) => (order.kind === 'clear-ticket' ? [order.ticket] : []));
}

/**
 * What keeps this member out, whatever it says of itself: its id tells what it is. What ends or begins within a moment has: for the lane,
 * whose clock is another one, it may have.
 */
export function keptOutBy<Closure extends LaneClosure>(
  closures: readonly Closure[],
  member: LaneMember,
  now: Millis,
): Closure | undefined {
  const asItIs = { ...member, kind: memberKindOf(member.releaseId) };
  return closures.find((closure) => keepsOut(closure, asItIs, now + mostSkewMs));
}

/** What should have kept this holder out: it was there before the lane let it in. The clock of the records tells, which has written both. */
export function passedBy(
  closures: readonly Stored<LaneClosure>[],
  { member, heldSince }: Pick<LaneHolder, 'member'> & { heldSince: Millis },
  now: Millis,
): LaneClosure | undefined {
  const before = closures.filter(({ storedAt }) => storedAt < heldSince);
  return keptOutBy(before, member, now);
}

export function isOver({ until }: LaneClosure, now: Millis): boolean {
  return until !== undefined && until <= now;
}

export function isInForce(closure: LaneClosure, now: Millis): boolean {
  return closure.from <= now && !isOver(closure, now);
}

/** Whether this member is kept out by it now. */
export function keepsOut(closure: LaneClosure, member: LaneMember, now: Millis): boolean {
  return isInForce(closure, now) && !passes(closure, member);
}

/** Whether it lets this member in though it is in force. */
export function passes(closure: Pick<LaneClosure, 'passes'>, member: Pick<LaneMember, 'releaseId' | 'kind'>): boolean {
  return closure.passes.some((passage) => {
    switch (passage.kind) {
      case 'rollback':
        return member.kind === 'rollback';
      case 'run':
        return member.releaseId === passage.releaseId;
    }
  });
}

/** Each may be 4 kB, and a server takes 2 MB in one message. */
const mostCarried = 50;

/**
 * The newest of what closes a lane: as many as one message holds, unless told otherwise. The others are on record, by which every step goes,
 * and one that a lane has let in past them is refused.
 */
export function newestOf<Closure extends LaneClosure>(closures: readonly Closure[], most = mostCarried): Closure[] {
  if (closures.length <= most) return [...closures];
  return closures.toSorted((one, other) => one.from - other.from).slice(-most);
}

/** For whoever waits. */
export function closureInWords(closure: LaneClosure): string {
  const { kind, by, until } = closure;
  const reason = reasonInWords(closure);
  const end = until === undefined ? '' : ` until ${new Date(until).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z')}`;
  switch (kind) {
    case 'hold':
      return `on hold${end}: ${reason}`;
    case 'freeze':
      return `frozen by ${by}${end}: ${reason}`;
    case 'window':
      return `closed by a window${end}: ${reason}`;
  }
}

/** All that is said of why, beside a name of the closure. */
export function reasonInWords(closure: Pick<LaneClosure, 'reason' | 'unprovenKey'>): string {
  const unproven = unprovenInWords(closure);
  return unproven === undefined ? closure.reason : `${closure.reason} (${unproven})`;
}

/** When the next of them begins or ends; undefined when none does by itself. */
export function nextChangeOf(closures: LaneClosure[], now: Millis): Millis | undefined {
  const changes = closures.flatMap(({ from, until }) => [from, ...(until === undefined ? [] : [until])]);
  const ahead = changes.filter((at) => at > now);
  return ahead.length > 0 ? Math.min(...ahead) : undefined;
}
