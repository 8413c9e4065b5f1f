import type { ReleasePlan, VerifiedRelease } from './contract/release.ts';
import { placeInWords } from './left-behind.ts';

/** Where a plan goes and something stands that was verified with another plan than the newest: it is not compared with that one. */
export interface OtherPlan {
  planHash: string;
  /** `core in de`. */
  places: string[];
}

export function otherPlans(
  plan: Pick<ReleasePlan, 'components' | 'regions'>,
  inventory: readonly Pick<VerifiedRelease, 'region' | 'component' | 'planHash'>[],
  comparedWith: string,
): OtherPlan[] {
  const isGoneTo = ({ region, component }: Pick<VerifiedRelease, 'region' | 'component'>): boolean =>
    plan.regions.some(({ name }) => name === region) && plan.components.some(({ name }) => name === component);
  const others = inventory.filter((row) => row.planHash !== comparedWith && isGoneTo(row));
  return [...Map.groupBy(others, ({ planHash }) => planHash)].map(([planHash, rows]) => ({
    planHash,
    places: rows.map(({ component, region }) => placeInWords(component, region)),
  }));
}
