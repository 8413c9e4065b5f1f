import type { VerifiedLast } from './contract/gateway.ts';
import type { VerifiedRelease } from './contract/release.ts';

/** The newest that stands, whichever of the regions and components it is of: what a plan is compared with. */
export function verifiedLast(inventory: readonly VerifiedRelease[]): VerifiedLast | undefined {
  const newest = inventory.reduce<VerifiedRelease | undefined>(
    (last, row) => (last && last.verifiedAt >= row.verifiedAt ? last : row),
    undefined,
  );
  if (!newest) return undefined;
  const { planHash, releaseId, verifiedAt } = newest;
  return { planHash, releaseId, verifiedAt };
}
