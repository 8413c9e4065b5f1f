import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ApprovalPolicy } from '../../domain/contract/release.ts';
import { olderCode } from '../../domain/schema-age.ts';

/** What people approve and a lane is claimed for, whatever kind of run it is: a release's plan today. */
export interface Subject {
  hash: string;
  /** One line for people. */
  summary: string;
  facts: Record<string, string>;
  /** What whoever approves must know first. */
  warnings: string[];
  approval: ApprovalPolicy;
}

export function subjectOf(plan: PlanOutline): Subject {
  const { hash, service, environment, commit, approval, olderThanSchema = [] } = plan;
  const warnings = olderThanSchema.map(olderCode);
  return { hash, summary: `${service} → ${environment}`, facts: { commit }, warnings, approval };
}
