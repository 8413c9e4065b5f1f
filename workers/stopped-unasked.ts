import type { Worker } from '@temporalio/worker';

type Watched = Pick<Worker, 'getState' | 'options'>;

/** How often is looked: the SDK tells nobody when a worker's state changes. */
const everyMs = 1_000;

/**
 * Rejects when a worker has left RUNNING without being asked to, and the grace time (ms) after that is over; else never ends. The SDK may shut
 * a worker down by itself, and then wait for ever for work that nobody will end: `run()` settles neither way, and the process would stay, do
 * nothing, and be started again by nobody. `stopWatching` ends it.
 */
export function stoppedUnasked<One extends Watched>(
  workers: readonly One[],
  { graceMs, isAsked, report }: { graceMs: number; isAsked: (worker: One) => boolean; report(line: string): void },
): { stopped: Promise<never>; stopWatching(): void } {
  let grace: NodeJS.Timeout | undefined;
  let look: NodeJS.Timeout | undefined;
  const stopped = new Promise<never>((_, reject) => {
    look = setInterval(() => {
      const lost = workers.find((worker) => worker.getState() !== 'RUNNING' && !isAsked(worker));
      if (!lost) return;
      clearInterval(look);
      const what = `the worker of queue ${lost.options.taskQueue} has left RUNNING (${lost.getState()}), and nobody has asked it to`;
      report(`${what}: this process ends in ${graceMs / 1_000} s at most, so that it is started again`);
      grace = setTimeout(() => reject(new Error(`${what}: started again, this process works`)), graceMs);
    }, everyMs);
  });
  return {
    stopped,
    stopWatching() {
      clearInterval(look);
      clearTimeout(grace);
    },
  };
}
