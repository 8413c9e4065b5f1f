import { componentsIn } from './components-in.ts';
import type { ReleasePlan, VerifiedRelease } from './contract/release.ts';

/** Whether all that the plan of a release has is on record there; `rows`: what was recorded for that release. */
export function isVerifiedIn(
  region: string,
  plan: Pick<ReleasePlan, 'components'>,
  rows: readonly Pick<VerifiedRelease, 'region' | 'component'>[],
): boolean {
  return componentsIn(plan, region).every(({ name }) =>
    rows.some((row) => row.region === region && row.component === name),
  );
}
