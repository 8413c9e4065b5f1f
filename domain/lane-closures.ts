import type { LaneClosure, LaneHold, LaneMember, LaneOrder, Stored } from './contract/lane.ts';
import type { LaneKey } from './contract/names.ts';
import type { Millis } from './contract/release.ts';
import { readRunId } from './run-kinds.ts';

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
  const { kind, about } = readRunId(releaseId) ?? {};
  return kind ? `hold-${kind.prefix}-${about?.replaceAll('/', '-')}` : `hold-${releaseId}`;
}

/**
 * What closes a lane by right: freezes that were ordered, and holds that runs have left, as far as nobody has lifted them since. Orders whose
 * signature does not hold are not given to this.
 */
export function closuresBy(
  { orders, holds }: { orders: readonly Stored<LaneOrder>[]; holds: readonly Stored<LaneHold>[] },
  { lane, now }: { lane: LaneKey; now: Millis },
): Stored<LaneClosure>[] {
  const since = (kind: LaneOrder['kind'], closed: { storedAt: Millis }) =>
    orders.filter((order) => order.kind === kind && order.storedAt >= closed.storedAt);
  const freezes = orders
    .flatMap((order) => (order.kind === 'freeze' ? [{ ...frozenBy(order, now), storedAt: order.storedAt }] : []))
    .filter((freeze) => !since('unfreeze', freeze).some((order) => 'lifts' in order && order.lifts === freeze.id));
  const isCleared = (hold: Stored<LaneHold>) =>
    since('clear-hold', hold).some(
      (order) => order.kind === 'clear-hold' && (order.lifts === hold.id || order.of === hold.by),
    );
  const held = holds
    .filter((hold) => !isCleared(hold))
    .map(({ id, by, reason, from, storedAt }) => ({ ...holdAfter(by, { id, lane, reason, now: from }), storedAt }));
  return [...held, ...freezes].filter((closure) => !isOver(closure, now));
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

function passes(closure: LaneClosure, member: LaneMember): boolean {
  return closure.passes.some((passage) => {
    switch (passage.kind) {
      case 'rollback':
        return member.kind === 'rollback';
      case 'run':
        return member.releaseId === passage.releaseId;
    }
  });
}

/** For whoever waits. */
export function closureInWords({ kind, by, reason, until }: LaneClosure): string {
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

/** When the next of them begins or ends; undefined when none does by itself. */
export function nextChangeOf(closures: LaneClosure[], now: Millis): Millis | undefined {
  const changes = closures.flatMap(({ from, until }) => [from, ...(until === undefined ? [] : [until])]);
  const ahead = changes.filter((at) => at > now);
  return ahead.length > 0 ? Math.min(...ahead) : undefined;
}
