import type { LaneClosure, LaneMember, LaneOrder } from './contract/lane.ts';
import type { LaneKey } from './contract/names.ts';
import type { Millis } from './contract/release.ts';

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
