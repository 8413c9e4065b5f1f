import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ApprovalPolicy } from '../../domain/contract/release.ts';

/** What people approve and a lane is claimed for, whatever kind of run it is: a release's plan today. */
export interface Subject {
  hash: string;
  /** One line for people. */
  summary: string;
  facts: Record<string, string>;
  approval: ApprovalPolicy;
}

export function subjectOf({ hash, service, environment, commit, approval }: PlanOutline): Subject {
  return { hash, summary: `${service} → ${environment}`, facts: { commit }, approval };
}
