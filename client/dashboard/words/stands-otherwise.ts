import type { ReleaseView } from '../../../domain/contract/gateway.ts';

/** Whether a run has gone on, has ended, or waits for others: then its lane, and what waits for whoever looks, may have become another, too. */
export function standsOtherwise(before: ReleaseView | undefined, now: ReleaseView): boolean {
  return before !== undefined && standing(before) !== standing(now);
}

function standing({ open, outcome, status, recorded }: ReleaseView): string {
  const { stage, waitingFor } = status ?? {};
  return JSON.stringify([open, outcome, stage, waitingFor?.decisions, waitingFor?.who, recorded?.approvals.length]);
}
