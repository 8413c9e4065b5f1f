import type { PlannedComponent, RegionSpec, ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { WorkloadRef } from '../kubernetes/port.ts';

/** Where the stored plan says that something is. Both throw SLIP-REL-1 (terminal) for what the plan does not have. */
export function plannedRegion(plan: ReleasePlan, name: string): RegionSpec {
  const region = plan.regions.find((r) => r.name === name);
  if (!region) throw failure('SLIP-REL-1', `the plan has no region ${name}`);
  return region;
}

export function plannedComponent(plan: ReleasePlan, name: string): PlannedComponent {
  const component = plan.components.find((c) => c.name === name);
  if (!component) throw failure('SLIP-REL-1', `the plan has no component ${name}`);
  return component;
}

export function refTo({ cluster, namespace }: RegionSpec, deployment: string): WorkloadRef {
  return { cluster, namespace, deployment };
}
