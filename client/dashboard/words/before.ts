import type { LaneView, ReleaseView } from '../../../domain/contract/gateway.ts';

/**
 * What stands in each place by the inventory before this run has its turn there: `region component` → image. Nothing of a run that has ended, of
 * which the inventory tells no more, nor where this very run is on record already.
 */
export function imagesBefore(
  lane: LaneView | undefined,
  { open, releaseId }: ReleaseView,
): ReadonlyMap<string, string> {
  const rows = open ? (lane?.inventory ?? []) : [];
  const others = rows.filter((row) => row.releaseId !== releaseId);
  return new Map(others.map(({ region, component, image }) => [placeOf(region, component), image]));
}

export function placeOf(region: string, component: string): string {
  return `${region} ${component}`;
}
