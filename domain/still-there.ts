import { componentsIn } from './components-in.ts';
import type { LeftBehind } from './contract/gateway.ts';
import type { ReleasePlan, VerifiedRelease } from './contract/release.ts';
import { shortDigest } from './images.ts';
import { leftInWords } from './left-behind.ts';
import { inShort } from './migration-plan.ts';

/** What a release had verified, and what is on record there now. */
export interface ThereNow {
  releaseId: string;
  plan: Pick<ReleasePlan, 'components' | 'regions'>;
  /** What is verified there now. */
  inventory: readonly VerifiedRelease[];
  /** Where something else may run than that. */
  left: readonly LeftBehind[];
}

/** Regions are as many as a plan has; what was left behind in them may be a hundred thousand places. */
const mostTold = 10;

/**
 * Why a release that was verified does not say any more what runs there, a line for each region: another one was verified since, what it had put
 * there was put back, or another run has left something. Empty while all of it stands.
 */
export function noMoreThere({ releaseId, plan, inventory, left }: ThereNow): string[] {
  const lines = plan.regions.flatMap(({ name: region }) => {
    const here = inventory.filter((row) => row.region === region);
    const rows = componentsIn(plan, region).map(({ name }) => here.find(({ component }) => component === name));
    const gone = rows.filter((row) => row === undefined).length;
    const others = [...new Set(rows.flatMap((row) => (row && row.releaseId !== releaseId ? [row.releaseId] : [])))];
    const behind = left.filter((one) => one.region === region && one.releaseId !== releaseId);
    return [
      ...(others.length > 0 ? [`${region}: ${inShort(others, 3)} is what is verified there now`] : []),
      ...(gone > 0 ? [`${region}: it was put back there since, and nothing is verified in its place`] : []),
      ...behind.slice(0, mostTold).map((one) => `${region}: ${one.component} ${leftInWords(one, shortDigest)}`),
    ];
  });
  const more = lines.length - mostTold;
  return more > 0 ? [...lines.slice(0, mostTold), `and so in ${more} more places`] : lines;
}
