import type { PinnedImage, PlannedComponent, RegionSpec, ReleasePlan } from '../../domain/contract/release.ts';
import { deliveryKindOf } from '../../domain/delivery.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Delivery, DeliveryTarget } from '../delivery/port.ts';

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

/** One component there, and how it gets there. Throws SLIP-DLV-1 (terminal) for a kind of delivery that this worker does not have. */
export function deliveryTo(
  {
    deliveries,
    plan,
    region,
  }: { deliveries: readonly Delivery[]; plan: Pick<ReleasePlan, 'rollout'>; region: RegionSpec },
  component: PlannedComponent,
  image: PinnedImage,
): { delivery: Delivery; target: DeliveryTarget } {
  const kind = deliveryKindOf(component);
  const delivery = deliveries.find((one) => one.kind === kind);
  if (!delivery) throw failure('SLIP-DLV-1', `${component.name} is delivered by ${kind}`);
  return { delivery, target: { region, component, image, rollout: plan.rollout } };
}

/** What a check of the region is called by. What is put back is another release: what is seen of it is not said of this one. */
export function shownAs({ name }: Pick<RegionSpec, 'name'>, isBack: boolean): string {
  return isBack ? `${name}, put back` : name;
}
