import type { Worker } from '@temporalio/worker';
import { stoppedUnasked } from './stopped-unasked.ts';

type Running = Pick<Worker, 'getState' | 'options' | 'run' | 'shutdown'>;

/**
 * Runs the workers of one process: where one of them ends by itself the others are stopped, and have the grace time (ms) to end what they are
 * at. `over` is when all have ended, or that time is over: with the error of the one that failed first.
 */
export function runTogether(
  workers: readonly Running[],
  { graceMs, report }: { graceMs: number; report(line: string): void },
): { over: Promise<void>; stop(): void } {
  let isStopping = false;
  /** Who was stopped because of another is not who has failed. */
  const asked = new Set<Running>();
  const failed: unknown[] = [];
  const shutDown = () => {
    for (const worker of workers.filter((each) => each.getState() === 'RUNNING')) {
      asked.add(worker);
      worker.shutdown();
    }
  };
  const fails = (error: unknown) => {
    failed.push(error);
    shutDown();
  };
  const all = Promise.all(workers.map((worker) => worker.run().catch(fails)));
  const { stopped, stopWatching } = stoppedUnasked(workers, {
    graceMs,
    isAsked: (worker) => isStopping || asked.has(worker),
    report(line) {
      report(line);
      shutDown();
    },
  });
  const over = Promise.race([all, stopped.catch(fails)]).then(() => {
    if (failed.length > 0) throw failed[0];
  });
  return {
    over: over.finally(stopWatching),
    stop() {
      isStopping = true;
      shutDown();
    },
  };
}
