import type { LaneAccess } from './contract/rights.ts';

/** As the policy has them: of each service in its own order, and those of several services as they follow each other there. */
export function environmentsInOrder(lanes: readonly Pick<LaneAccess, 'service' | 'environment'>[]): string[] {
  const order: string[] = [];
  for (const [, ofService] of Map.groupBy(lanes, ({ service }) => service)) {
    const own = ofService.map(({ environment }) => environment);
    for (const [at, environment] of own.entries()) {
      if (order.includes(environment)) continue;
      const next = own.slice(at + 1).find((later) => order.includes(later));
      order.splice(next === undefined ? order.length : order.indexOf(next), 0, environment);
    }
  }
  return order;
}

/** The environment that a service comes from on its way into this one; undefined of the first, and where the order says nothing of it. */
export function environmentBefore(
  order: readonly string[],
  of: readonly string[],
  environment: string,
): string | undefined {
  const own = order.filter((one) => of.includes(one));
  return own[own.indexOf(environment) - 1];
}
