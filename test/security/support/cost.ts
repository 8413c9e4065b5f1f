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
