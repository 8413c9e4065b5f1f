import type { ApprovalPolicy, ClusterRef } from './release.ts';

/** What a worker reads from the operator's policy on its own disk before it changes anything. */
export interface EnvironmentFloor {
  approval: ApprovalPolicy;
  clusters: ClusterRef[];
  planMigrationsBeforeApproval: boolean;
  tags: string[];
}
