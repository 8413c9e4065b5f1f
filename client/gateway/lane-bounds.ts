import type { LaneClosure, LaneOrder } from '../../domain/contract/lane.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Millis } from '../../domain/contract/release.ts';
import { reasonInWords } from '../../domain/lane-closures.ts';
import { Refused } from './errors.ts';

/** More than people can tell apart. Of all together several times as many: nobody's keep the others from setting one. */
const mostFreezes = { ofOne: 20, inAll: 100 };
/** Orders of one person to one lane in a day: each step in the lane verifies all that it was ever given. */
const mostOrders = 200;
const day = 86_400_000;

/**
 * Throws 409 where the lane is frozen often enough, by this person or by all. What is named to be lifted is the newest of whoever asks: the older
 * ones have others set.
 */
export function refuseMoreFreezes(closures: readonly LaneClosure[], { by, lane }: { by: string; lane: LaneKey }): void {
  const all = closures.filter(({ kind }) => kind === 'freeze');
  const own = all.filter((freeze) => freeze.by === by);
  if (own.length < mostFreezes.ofOne && all.length < mostFreezes.inAll) return;
  const [freezes, whose] = own.length < mostFreezes.ofOne ? [all, ''] : [own, ` of ${by}`];
  const newest = own.at(-1) ?? all.at(-1)!;
  const command = `slipway unfreeze --service ${lane.service} --environment ${lane.environment} --id ${newest.id} --reason "…"`;
  const next = `Nothing was stored: the lane is frozen as it is. Lift one to set another: \`${command}\` (${newest.by}: ${reasonInWords(newest)}).`;
  throw new Refused(409, 'conflict', `${freezes.length} freezes${whose} are in force in this lane`, next);
}

/** Throws 429 for whoever has ordered too much. Not asked of what lifts something that is on record: there are no more of those than of others. */
export function refuseMoreOrders(orders: readonly LaneOrder[], by: string, now: Millis): void {
  const own = orders.filter((order) => order.by === by && order.at > now - day).map(({ at }) => at);
  if (own.length < mostOrders) return;
  const seconds = Math.ceil((Math.min(...own) + day - now) / 1_000);
  const next = 'Nothing was stored. What is on record may still be lifted by you, and somebody else may order more.';
  throw new Refused(429, 'too-many-requests', `${by} has given this lane ${own.length} orders in a day`, next, seconds);
}
