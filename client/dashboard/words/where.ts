import type { Check } from '../../../domain/contract/verdicts.ts';
import type { ReleasePlan } from '../../../domain/contract/release.ts';
import type { RegionStatus } from '../../../domain/contract/status.ts';

/** What belongs to a region: its wave in the plan, where it lies, and what its checks said. */
export interface Place {
  region: RegionStatus;
  wave?: number;
  lies?: string;
  passed: number;
  checks: Check[];
}

export function placesOf(
  regions: readonly RegionStatus[],
  checks: readonly Check[],
  plan: ReleasePlan | undefined,
): Place[] {
  return regions.map((region) => {
    const own = checks.filter(({ name }) => name.startsWith(`${region.region}: `));
    const wave = plan?.waves.findIndex(({ regions: names }) => names.includes(region.region)) ?? -1;
    const planned = plan?.regions.find(({ name }) => name === region.region);
    return {
      region,
      ...(wave >= 0 && { wave: wave + 1 }),
      ...(planned && { lies: `namespace ${planned.namespace}` }),
      passed: own.filter(({ verdict }) => verdict === 'pass').length,
      checks: own,
    };
  });
}
