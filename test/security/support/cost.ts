/** Milliseconds of this thread's own work: other work on the machine does not count. */
export function costOf(work: () => unknown): number {
  const before = process.threadCpuUsage();
  try {
    work();
  } catch {
    // To refuse a text is to have read it.
  }
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** The least of several: the first may pay for the compiler and the collector. */
export const leastCostOf = (work: () => unknown) => Math.min(...Array.from({ length: 3 }, () => costOf(work)));

/** What this machine takes for a plain look at every character of a megabyte, many times over: the measure of everything here. */
const megabyte = 'some words and more of them\n'.repeat(36_000);
export const plainLook = () => JSON.stringify(megabyte.split(/\s/).map((word) => word.toUpperCase()));
export const unit = leastCostOf(plainLook);

/**
 * What it costs, and whether that is above a bound that is given in units. It is looked at again beside a unit of that moment before it is said: on
 * a machine that is very busy both take longer.
 */
export function judged(work: () => unknown, boundOf: (unit: number) => number): { cost: number; isSlow: boolean } {
  let cost = costOf(work);
  let bound = boundOf(unit);
  for (let again = 0; again < 3 && cost > bound; again += 1) {
    bound = boundOf(Math.max(unit, leastCostOf(plainLook)));
    cost = leastCostOf(work);
  }
  return { cost, isSlow: cost > bound };
}

/** The same of what waits in between. */
export async function leastCostOfWaiting(work: () => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    const before = process.threadCpuUsage();
    await work();
    const { user, system } = process.threadCpuUsage(before);
    costs.push((user + system) / 1_000);
  }
  return Math.min(...costs);
}
