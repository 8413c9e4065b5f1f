import { isNo, refuseDecider } from './approval.ts';
import type { HeardDecision } from './authority.ts';
import type { Identity } from './contract/release.ts';
import type { Deciders } from './deciders.ts';

interface About extends Deciders {
  /** The release or rollback that is to stop. */
  run: string;
  requestedBy: Pick<Identity, 'id'>;
}

/**
 * In words, the signed no of somebody who may say it, before anything was changed: a rejection of one of its plans, or an abort. It counts
 * whether the run has heard of it or not: a run that goes on all the same is not the one that people decide about. Afterwards it is too late
 * for a no, and the run says so: what was changed can only be rolled back.
 */
export function refuseCalledOff(decisions: readonly HeardDecision[], about: About): string | undefined {
  const { run, ...asked } = about;
  const off = decisions.find((decision) => {
    if (!isNo(decision.kind) || decision.releaseId !== run || decision.afterChange) return false;
    // Whichever of its plans was rejected: its run ends with the first no.
    return refuseDecider({ decision, ...asked }) === undefined;
  });
  return off && `${off.by.id} has called it off: ${off.kind}`;
}
