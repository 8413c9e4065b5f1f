import type { World } from './world.ts';
import type { RegionName } from './world-parts.ts';

/** Nothing of the engine reaches the region's API, from now until it is brought back; its applications go on answering. */
export function takeAway(world: Pick<World, 'regions'>, region: RegionName): { bringBack(): void } {
  const { faults } = world.regions[region].sandbox;
  faults.unreachable(true);
  return { bringBack: () => faults.unreachable(false) };
}
