import type { Worker } from '@temporalio/worker';
import { stoppedUnasked } from './stopped-unasked.ts';

type Running = Pick<Worker, 'getState' | 'options' | 'run' | 'shutdown'>;

/**
 * Runs the workers of one process: where one of them ends by itself the others are stopped, and end what they are at. `over` is when all have,
 * with the error of the first that has failed; of workers that never end it is the end of the grace time (ms).
 */
export function runTogether(
  workers: readonly Running[],
  { graceMs, report }: { graceMs: number; report(line: string): void },
): { over: Promise<void>; stop(): void } {
  let isAsked = false;
  const stop = () => {
    isAsked = true;
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) =>
    worker.run().catch((error: unknown) => {
      stop();
      throw error;
    }),
  );
  const { stopped, stopWatching } = stoppedUnasked(workers, {
    graceMs,
    isAsked: () => isAsked,
    report(line) {
      report(line);
      stop();
    },
  });
  const all = Promise.allSettled(runs).then(() => Promise.all(runs));
  const over = Promise.race([all, stopped]).then(() => undefined);
  return { over: over.finally(stopWatching), stop };
}
