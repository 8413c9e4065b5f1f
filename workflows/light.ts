import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { failureDetails } from '../domain/errors/catalogue.ts';
import { weigh } from '../domain/weight.ts';

const nothing = { values: 20, characters: 1_000 };

/**
 * Whoever has access to Temporal starts runs with what they like, and a worker keeps it for as long as it remembers the run: one that was started
 * with what none of ours is ends at once, and is forgotten.
 */
export function refuseHeavy(startedWith: unknown[], most?: Parameters<typeof weigh>[1]): void {
  const { memo, lastResult, lastFailure } = workflowInfo();
  // What runs of ours have none of, a worker keeps as well.
  const why =
    lastFailure !== undefined
      ? 'another run that has failed'
      : (weigh(startedWith, most) ?? weigh([memo, lastResult], nothing));
  if (why === undefined) return;
  const details = failureDetails('SLIP-REL-5', `it was started with what no run is started with: ${why}`);
  throw ApplicationFailure.create({
    message: details.detail,
    type: details.code,
    nonRetryable: true,
    details: [details],
  });
}
