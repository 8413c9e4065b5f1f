import { hasPlace } from './components-in.ts';
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
  const others = inventory.filter((row) => row.planHash !== comparedWith && hasPlace(plan, row));
  return [...Map.groupBy(others, ({ planHash }) => planHash)].map(([planHash, rows]) => ({
    planHash,
    places: rows.map(({ component, region }) => placeInWords(component, region)),
  }));
}
