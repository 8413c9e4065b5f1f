import type { ApprovalPolicy } from './contract/release.ts';
import { asksNobody, lookedTo } from './deciders.ts';

/** What a plan asks for, and what the operator's policy asks for by now. Each is asked of whoever decides. */
export interface Approvals {
  planned: ApprovalPolicy;
  now: ApprovalPolicy;
}

/** The groups of who may approve: one of each list has to have them. */
export function approversInWords({ planned, now }: Approvals): string {
  if (asksNobody(planned) || isWithin(now.groups, planned.groups)) return now.groups.join(', ');
  if (asksNobody(now) || isWithin(planned.groups, now.groups)) return planned.groups.join(', ');
  return `${now.groups.join(', ')} (by the policy as it is now) who are of ${planned.groups.join(', ')} (by the plan), too`;
}

/** Whether there may be nobody who is in a group of each. */
export function mayBeNobody({ planned, now }: Approvals): boolean {
  return !asksNobody(planned) && !asksNobody(now) && !now.groups.some((group) => planned.groups.includes(group));
}

/** `2 of release-managers`: so many as the one that asks for more. */
export function wantedInWords({ planned, now }: Approvals): string {
  const quorum = Math.max(...[planned, now].map((one) => (one.required ? one.quorum : 0)), 1);
  return `${quorum} of ${approversInWords({ planned, now })}`;
}

/** Who is looked to about a failure. `onCall`: of the service, by the policy as it is now. */
export function decidersInWords({ onCall, ...approvals }: Approvals & { onCall?: readonly string[] }): string {
  return onCall ? lookedTo({ onCall }).join(', ') : approversInWords(approvals);
}

function isWithin(groups: readonly string[], others: readonly string[]): boolean {
  return groups.length > 0 && groups.every((group) => others.includes(group));
}
