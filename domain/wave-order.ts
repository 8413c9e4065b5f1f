import type { ReleasePlan } from './contract/release.ts';
import { regionsTouched } from './left-behind.ts';

type Order = Pick<ReleasePlan, 'waves' | 'onFailure'>;

/** Regions of earlier waves, and whether the plan goes on with one of which it could not be told whether it is well. */
export interface Earlier {
  regions: string[];
  mayBeUnproven: boolean;
}

/**
 * Regions of earlier waves, which must have been seen well, and have baked, before anything is changed in this one. None where it was changed
 * before: then its turn had come.
 */
export function earlierThan({ waves, onFailure }: Order, region: string, changed: readonly string[]): Earlier {
  const turn = regionsTouched(changed).includes(region)
    ? 0
    : waves.findIndex(({ regions }) => regions.includes(region));
  const earlier = waves.slice(0, Math.max(turn, 0));
  return {
    regions: earlier.flatMap(({ regions }) => regions),
    mayBeUnproven: mayBeUnproven({ waves: earlier, onFailure }),
  };
}

/** Whether the plan goes on somewhere with a region of which it cannot be told whether it is well. */
export function mayBeUnproven({ waves, onFailure }: Order): boolean {
  const looks = waves.flatMap(({ stages }) => stages.flatMap(({ observe }) => observe));
  return [onFailure, ...looks].some(({ onInconclusive }) => onInconclusive === 'go-on');
}
