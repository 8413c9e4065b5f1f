import type { LaneClosure, LaneMember } from './contract/lane.ts';
import { passes } from './lane-closures.ts';

/** What of somebody who has claimed the lane tells when it is their turn. */
type Claimer = Pick<LaneMember, 'releaseId' | 'kind'>;

/**
 * Those who have claimed a lane, in the order in which it lets them in: first whom nothing keeps out that is in force, and of these rollbacks first;
 * then the others, rollbacks first. Else as they came.
 */
export function inTurn<T>(
  claimers: readonly T[],
  memberOf: (claimer: T) => Claimer,
  inForce: readonly Pick<LaneClosure, 'passes'>[],
): T[] {
  const rank = (claimer: T): number => {
    const member = memberOf(claimer);
    return (isLetIn(member, inForce) ? 0 : 2) + (member.kind === 'rollback' ? 0 : 1);
  };
  return claimers.toSorted((one, other) => rank(one) - rank(other));
}

/** Whether nothing that is in force keeps them out. */
export function isLetIn(member: Claimer, inForce: readonly Pick<LaneClosure, 'passes'>[]): boolean {
  return inForce.every((closure) => passes(closure, member));
}
