import type { ApprovalPolicy } from '../domain/contract/release.ts';
import { defined } from './defined.ts';
import { durationMs } from './duration.ts';
import type { EnvironmentPolicy } from './policy-schema.ts';

/** What is asked of an approval where the policy says nothing of it. */
export const approvalDefaults = {
  quorum: 1,
  groups: [] as string[],
  expires: '24h',
  excludeRequester: true,
  excludeAuthors: false,
};

/** What the policy asks of an approval at least: all of it, said or not. */
export function leastApproval({ approval }: EnvironmentPolicy) {
  return { ...approvalDefaults, ...defined(approval) };
}

/** As plans and workers have it. */
export function approvalPolicy({
  required,
  quorum,
  groups,
  expires,
  remind,
  escalate,
  excludeRequester,
  excludeAuthors,
}: ReturnType<typeof leastApproval>): ApprovalPolicy {
  const expiresMs = durationMs(expires);
  const remindMs = remind === undefined ? expiresMs : durationMs(remind);
  // What would come when the wait is over anyway is not in the plan: nobody is to wait for it.
  const afterMs = escalate === undefined ? expiresMs : durationMs(escalate.after);
  return {
    required,
    quorum,
    groups: [...groups],
    expiresMs,
    excludeRequester,
    ...(excludeAuthors && { excludeAuthors }),
    ...(remindMs < expiresMs && { remindMs }),
    ...(escalate && afterMs < expiresMs && { escalate: { afterMs, groups: [...escalate.to] } }),
  };
}
