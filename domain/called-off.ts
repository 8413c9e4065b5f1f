import { isNo, refuseDecider } from './approval.ts';
import type { HeardDecision } from './authority.ts';
import type { ApprovalPolicy, Identity } from './contract/release.ts';

interface About {
  subject: string;
  planHash: string;
  requestedBy: Identity;
  policies: ApprovalPolicy[];
}

/**
 * The signed no of somebody who may say it, before anything was changed: a rejection of this very plan, or an abort. It counts whether the run
 * has heard of it or not: a run that goes on all the same is not the one that people decide about. Afterwards it is too late for a no, and
 * the run says so: what was changed can only be rolled back.
 */
export function calledOffBy(decisions: readonly HeardDecision[], about: About): HeardDecision | undefined {
  const { subject, planHash, requestedBy, policies } = about;
  return decisions.find((decision) => {
    const isNoToThis = isNo(decision.kind) && (decision.kind === 'abort' || decision.planHash === planHash);
    if (!isNoToThis || decision.releaseId !== subject || decision.afterChange) return false;
    return refuseDecider({ decision, requestedBy, policies }) === undefined;
  });
}
