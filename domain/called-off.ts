import { isNo } from './approval.ts';
import type { HeardDecision } from './authority.ts';

/**
 * In words, the signed no to this release or rollback, before anything was changed: a rejection of one of its plans, or an abort. It counts
 * whether the run has heard of it or not: a run that goes on all the same is not the one that people decide about. Afterwards it is too late
 * for a no, and the run says so: what was changed can only be rolled back.
 *
 * Whether somebody may say it was asked when it was signed: the gateway signs no other. It is not asked again, since the yes that it answers
 * does not lapse when others are on call.
 */
export function refuseCalledOff(decisions: readonly HeardDecision[], run: string): string | undefined {
  // Whichever of its plans was rejected: its run ends with the first no.
  const off = decisions.find(({ kind, releaseId, afterChange }) => isNo(kind) && releaseId === run && !afterChange);
  return off && `${off.by.id} has called it off: ${off.kind}`;
}
