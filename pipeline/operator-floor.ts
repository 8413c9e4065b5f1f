import type { EnvironmentFloor } from '../domain/contract/policy.ts';
import { durationMs } from './duration.ts';
import type { Policy } from './load.ts';
import { clusterOf } from './regions.ts';

/** What the operator asks for at least in one environment, by itself: what workers compare with before they change anything. */
export function operatorFloor(policy: Policy, environment: string): EnvironmentFloor | undefined {
  const { environments, clusters } = policy.content;
  const floor = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
  if (!floor) return undefined;
  const { required, quorum = 1, groups = [], expires = '24h', excludeRequester = true } = floor.approval;
  return {
    approval: { required, quorum, groups: [...groups], expiresMs: durationMs(expires), excludeRequester },
    clusters: floor.clusters.flatMap((name) => (clusters[name] ? [clusterOf(clusters[name])] : [])),
    planMigrationsBeforeApproval: floor.planMigrationsBeforeApproval ?? false,
    tags: [...(floor.tags ?? [])],
    rollBackOnBreach: floor.rollBackOnBreach ?? false,
  };
}
