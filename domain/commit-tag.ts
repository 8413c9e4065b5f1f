import type { PlannedComponent, ReleasePlan } from './contract/release.ts';

/**
 * The tag by which people find what was built of a commit. Where an environment builds with arguments of its own, the same commit is another image
 * in each, and one tag for all of them would name whichever was approved last.
 */
export function commitTagOf(
  { commit, environment }: Pick<ReleasePlan, 'commit' | 'environment'>,
  { builtForHere }: Pick<PlannedComponent, 'builtForHere'>,
): string {
  return builtForHere ? `${commit}-${environment}` : commit;
}
