import type { ReleaseView } from '../../../domain/contract/gateway.ts';

/**
 * Whether a run has gone on, has ended, or waits for others: then its lane, and what waits for whoever looks, may have become another, too. That nobody
 * says for a while how it stands changes nothing.
 */
export function standsOtherwise(before: ReleaseView | undefined, now: ReleaseView): boolean {
  if (before === undefined) return false;
  if (before.open === now.open && !(before.status && now.status)) return false;
  return standing(before) !== standing(now);
}

function standing({ open, outcome, status, recorded }: ReleaseView): string {
  const { stage, waitingFor } = status ?? {};
  return JSON.stringify([open, outcome, stage, waitingFor?.decisions, waitingFor?.who, recorded?.approvals.length]);
}
