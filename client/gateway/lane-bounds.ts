import type { LaneClosure, LaneOrder } from '../../domain/contract/lane.ts';
import type { Millis } from '../../domain/contract/release.ts';
import { Refused } from './errors.ts';

/** More than people can tell apart. */
const mostFreezes = 20;
/** Orders of one person to one lane in a day: each step in the lane verifies all that it was ever given. */
const mostOrders = 200;
const day = 86_400_000;

/** Throws 409 where the lane is frozen often enough. */
export function refuseMoreFreezes(closures: readonly LaneClosure[]): void {
  const freezes = closures.filter(({ kind }) => kind === 'freeze');
  if (freezes.length < mostFreezes) return;
  const next = `Nothing was stored: the lane is frozen as it is. Lift one (slipway unfreeze --id ${freezes[0]!.id}) to set another.`;
  throw new Refused(409, 'conflict', `${freezes.length} freezes are in force in this lane`, next);
}

/** Throws 429 for whoever has ordered too much. Not asked of what lifts something that is on record: there are no more of those than of others. */
export function refuseMoreOrders(orders: readonly LaneOrder[], by: string, now: Millis): void {
  const own = orders.filter((order) => order.by === by && order.at > now - day).map(({ at }) => at);
  if (own.length < mostOrders) return;
  const seconds = Math.ceil((Math.min(...own) + day - now) / 1_000);
  const next = 'Nothing was stored. What is on record may still be lifted by you, and somebody else may order more.';
  throw new Refused(429, 'too-many-requests', `${by} has given this lane ${own.length} orders in a day`, next, seconds);
}
