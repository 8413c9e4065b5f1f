import type { LaneClosure, LaneOrder, Stored } from './contract/lane.ts';
import type { Millis } from './contract/release.ts';
import { longestReason } from './longest-reason.ts';
import { head } from './whole-text.ts';

/** An order that names a key which is not known here: neither that somebody ordered it, nor that nobody did, can be told. */
export type UnprovenOrder = Stored<LaneOrder> & { keyId: string };

const marked = ' (who ordered it cannot be told: it names a key that is not known here)';

/** Whether this closure is a freeze of which nobody here can tell who ordered it. */
export function isUnproven({ kind, reason }: Pick<LaneClosure, 'kind' | 'reason'>): boolean {
  return kind === 'freeze' && reason.endsWith(marked);
}

/** The reason of a closure without that remark, to be held against what the lane itself says. */
export function asOrdered(reason: string): string {
  return reason.endsWith(marked) ? reason.slice(0, -marked.length) : reason;
}

/**
 * The freezes among them, each of which closes its lane until somebody whose key is known lifts it: a freeze does not end because a public key
 * was taken away. Those that an order with the same key has lifted since stay lifted. Not one under a name that no gateway gives: whoever may
 * write orders to the records could choose one that nobody can lift.
 */
export function unprovenFreezes(orders: readonly UnprovenOrder[]): Stored<LaneOrder & { kind: 'freeze' }>[] {
  // Orders are gone through once for all: there may be twenty thousand.
  const lifted = new Map<string, Millis>();
  for (const order of orders)
    if (order.kind === 'unfreeze') {
      const name = `${order.keyId} ${order.lifts}`;
      lifted.set(name, Math.max(lifted.get(name) ?? -Infinity, order.storedAt));
    }
  return orders.flatMap(({ keyId, ...order }) => {
    if (order.kind !== 'freeze' || !/^[0-9a-f-]{36}$/.test(order.id)) return [];
    if ((lifted.get(`${keyId} ${order.id}`) ?? -Infinity) > order.storedAt) return [];
    return [{ ...order, by: head(order.by, 200), reason: `${head(order.reason, longestReason.ofOrder)}${marked}` }];
  });
}
