import type { EnvironmentFloor, ServiceBounds } from '../domain/contract/policy.ts';
import { approvalPolicy, leastApproval } from './approval-floor.ts';
import { durationMs } from './duration.ts';
import { gateToolsOf } from './gates.ts';
import type { Policy } from './load.ts';
import { onCallOf } from './on-call.ts';
import type { EnvironmentPolicy, ReachPolicy } from './policy-schema.ts';
import { own } from './reach.ts';
import { knownPeople } from './people.ts';
import { clusterOf } from './regions.ts';

/** What the operator asks for at least in one environment, by itself: what workers compare with before they change anything. */
export function operatorFloor(policy: Policy, environment: string): EnvironmentFloor | undefined {
  const { services, environments, clusters } = policy.content;
  const floor = own(environments, environment);
  if (!floor) return undefined;
  return {
    approval: approvalPolicy(leastApproval(floor)),
    clusters: floor.clusters.flatMap((name) => (clusters[name] ? [clusterOf(clusters[name])] : [])),
    planMigrationsBeforeApproval: floor.planMigrationsBeforeApproval ?? false,
    tags: [...(floor.tags ?? [])],
    rollBackOnBreach: floor.rollBackOnBreach ?? false,
    ...(floor.promotedFrom && { promotedFrom: [...floor.promotedFrom] }),
    ...(floor.promotedWithin !== undefined && { promotedWithinMs: durationMs(floor.promotedWithin) }),
    ...(floor.gates?.length && { gates: gateToolsOf(policy, environment) }),
    ...onCallByService(policy, environment),
    ...peopleOf(policy),
    services: Object.fromEntries(
      Object.entries(services).flatMap(([name, service]) => {
        const reach = own(service.environments, environment);
        return reach ? [[name, boundsOf(reach, floor)]] : [];
      }),
    ),
  };
}

/** Absent where nobody is on call: floors of policies without it stay as they were. */
function onCallByService(policy: Policy, environment: string): Pick<EnvironmentFloor, 'onCall'> {
  const called = Object.keys(policy.content.services).flatMap((service) => {
    const { groups } = onCallOf(policy, { service, environment });
    return groups ? [[service, [...groups.value]] satisfies [string, string[]]] : [];
  });
  return called.length > 0 ? { onCall: Object.fromEntries(called) } : {};
}

function peopleOf(policy: Policy): Pick<EnvironmentFloor, 'people'> {
  const people = knownPeople(policy);
  return people ? { people } : {};
}

/** What is left out is nothing: a policy that was written before there were bounds allows none of what they are about. */
export function boundsOf(
  reach: ReachPolicy,
  { registry, imagesFrom, endpointHosts }: EnvironmentPolicy,
): ServiceBounds {
  return {
    namespaces: [...reach.namespaces],
    workloads: [...(reach.workloads ?? [])],
    registry,
    images: [...(reach.images ?? [])],
    imagesFrom: [...(imagesFrom ?? [registry])],
    endpointHosts: [...(reach.endpointHosts ?? endpointHosts ?? [])],
    secrets: forJobs(reach.secrets),
    serviceAccounts: forJobs(reach.serviceAccounts),
    variables: [...(reach.variables ?? [])],
    ...(reach.smoke && { smoke: true }),
    testImages: [...(reach.testImages ?? [])],
  };
}

function forJobs({ plan = [], apply = [] }: NonNullable<ReachPolicy['secrets']> = {}): ServiceBounds['secrets'] {
  return { plan: [...plan], apply: [...apply] };
}
