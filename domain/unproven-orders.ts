import type { JudgedOrder, LaneClosure, LaneOrder, Stored } from './contract/lane.ts';
import type { Millis } from './contract/release.ts';
import { longestReason } from './longest-reason.ts';
import { head } from './whole-text.ts';

/** An order that names a key which is not known here: neither that somebody ordered it, nor that nobody did, can be told. */
export type UnprovenOrder = Stored<LaneOrder> & { keyId: string };

export const notKnown = 'a key that is not known here';

/** What is said beside a closure of which nobody here can tell who ordered it; undefined of another. */
export function unprovenInWords({ unprovenKey }: Pick<LaneClosure, 'unprovenKey'>): string | undefined {
  return unprovenKey === undefined ? undefined : `who ordered it cannot be told: it names ${unprovenKey}, ${notKnown}`;
}

/** Whether a lane gives this reason for a closure on record. One that began before this was a field of its own carries it as the end of the reason. */
export function isReasonOf(recorded: Pick<LaneClosure, 'reason'>, said: string): boolean {
  const asItWas = `${recorded.reason} (who ordered it cannot be told: it names ${notKnown})`;
  return said === recorded.reason || said === asItWas;
}

/**
 * The freezes among them, each of which closes its lane until somebody whose key is known lifts it: a freeze does not end because a public key
 * was taken away. Those that an order with the same key has lifted since stay lifted. Not one under a name that no gateway gives: whoever may
 * write orders to the records could choose one that nobody can lift.
 */
export function unprovenFreezes(orders: readonly UnprovenOrder[]): Stored<JudgedOrder & { kind: 'freeze' }>[] {
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
    const [by, reason] = [head(order.by, 200), head(order.reason, longestReason.ofOrder)];
    return [{ ...order, by, reason, unprovenKey: keyId }];
  });
}
