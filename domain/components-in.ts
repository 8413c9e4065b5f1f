/** Of a component that a plan, or slipway.yaml, has in some regions alone. */
interface Placed {
  /** Absent: all. */
  regions?: readonly string[] | undefined;
}

export function goesTo({ regions }: Placed, region: string): boolean {
  return regions?.includes(region) ?? true;
}

/** What goes to this region. */
export function componentsIn<C extends Placed>({ components }: { components: readonly C[] }, region: string): C[] {
  return components.filter((component) => goesTo(component, region));
}

/** Whether the component of this name goes to this region. */
export function hasPlace(
  plan: { components: readonly (Placed & { name: string })[]; regions: readonly { name: string }[] },
  { component, region }: { component: string; region: string },
): boolean {
  const isRegion = plan.regions.some(({ name }) => name === region);
  return isRegion && componentsIn(plan, region).some(({ name }) => name === component);
}
