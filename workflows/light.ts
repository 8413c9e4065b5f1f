import { ApplicationFailure } from '@temporalio/workflow';
import { failureDetails } from '../domain/errors/catalogue.ts';
import { weigh } from '../domain/weight.ts';

/**
 * Whoever has access to Temporal starts runs with what they like, and a worker keeps it for as long as it remembers the run: one that was started
 * with what none of ours is ends at once, and is forgotten.
 */
export function refuseHeavy(startedWith: unknown[], most?: Parameters<typeof weigh>[1]): void {
  const why = weigh(startedWith, most);
  if (why === undefined) return;
  const details = failureDetails('SLIP-REL-5', `it was started with what no run is started with: ${why}`);
  throw ApplicationFailure.create({
    message: details.detail,
    type: details.code,
    nonRetryable: true,
    details: [details],
  });
}
