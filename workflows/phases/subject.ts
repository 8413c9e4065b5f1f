import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ApprovalPolicy } from '../../domain/contract/release.ts';

/** What people approve and a lane is claimed for, whatever kind of run it is: a release's plan today. */
export interface Subject {
  hash: string;
  approval: ApprovalPolicy;
}

export function subjectOf({ hash, approval }: PlanOutline): Subject {
  return { hash, approval };
}
