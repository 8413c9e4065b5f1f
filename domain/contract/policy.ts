import type { ApprovalPolicy, ClusterRef } from './release.ts';

/**
 * What the operator's policy says about one service in one environment, by dotted key (`approval.quorum`, `clusters.blue`). Its hash is
 * what approvals are bound to.
 */
export type PolicyFloor = Record<string, unknown>;

/** What a worker reads from the operator's policy on its own disk before it changes anything. */
export interface EnvironmentFloor {
  approval: ApprovalPolicy;
  clusters: ClusterRef[];
  planMigrationsBeforeApproval: boolean;
  tags: string[];
  /** An approved plan may let the engine start a rollback by itself. */
  rollBackOnBreach?: boolean;
}
