import { ActivityFailure, isCancellation, log, proxyActivities, sleep } from '@temporalio/workflow';
import type { LaneSteps } from '../../activities/steps/types.ts';
import { engineQueue } from '../../domain/contract/names.ts';

/** Tried for as long as it takes: a lane without its records waits, it does not end. */
export const laneSteps = proxyActivities<LaneSteps>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
  taskQueue: engineQueue,
});

/** What fails for good (a record that contradicts, a worker of another version) is asked again too, until somebody has mended it. */
export async function untilDone<Result>(step: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      log.warn('the lane cannot go on; it asks again in a minute', { error: String(error.cause ?? error) });
      await sleep('1m', { summary: 'ask again' });
    }
  }
}
