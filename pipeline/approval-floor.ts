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
  excludeRequester,
  excludeAuthors,
}: ReturnType<typeof leastApproval>): ApprovalPolicy {
  return {
    required,
    quorum,
    groups: [...groups],
    expiresMs: durationMs(expires),
    excludeRequester,
    ...(excludeAuthors && { excludeAuthors }),
  };
}
