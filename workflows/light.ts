import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { failureDetails } from '../domain/errors/catalogue.ts';
import { weigh } from '../domain/weight.ts';

/**
 * Whoever has access to Temporal starts runs with what they like, and a worker keeps it for as long as it remembers the run: one that was started
 * with what none of ours is ends at once, and is forgotten.
 */
export function refuseHeavy(startedWith: unknown[], most?: Parameters<typeof weigh>[1]): void {
  const why = refused(startedWith) ?? weigh(startedWith, most) ?? weigh(besides(), nothing);
  if (why === undefined) return;
  const details = failureDetails('SLIP-REL-5', `it was started with what no run is started with: ${why}`);
  throw ApplicationFailure.create({
    message: details.detail,
    type: details.code,
    nonRetryable: true,
    details: [details],
  });
}

const nothing = { values: 20, characters: 1_000 };

/** What runs of ours have none of, and a worker keeps as well. */
function besides(): unknown[] {
  const { memo, lastResult } = workflowInfo();
  return [memo, lastResult];
}

function refused(startedWith: unknown[]): string | undefined {
  if (workflowInfo().lastFailure !== undefined) return 'another run that has failed';
  // As which is read what is not even parsed (client/dense-messages.ts).
  return startedWith.includes(null) ? 'nothing, or more parts than are read' : undefined;
}
