import type { ReleasePlan } from './contract/release.ts';
import { regionsTouched } from './left-behind.ts';

/**
 * Regions of earlier waves, which must have been seen well before anything is changed in this one. None where it was changed before: then its
 * turn had come. None either where the plan goes on with what could not be told.
 */
export function mustBeSeenFirst(
  { waves, onFailure }: Pick<ReleasePlan, 'waves' | 'onFailure'>,
  region: string,
  changed: readonly string[],
): string[] {
  if (regionsTouched(changed).includes(region)) return [];
  const turn = waves.findIndex(({ regions }) => regions.includes(region));
  const earlier = waves.slice(0, Math.max(turn, 0));
  return mayBeUnproven({ waves: earlier, onFailure }) ? [] : earlier.flatMap(({ regions }) => regions);
}

/** Whether the plan goes on somewhere with a region of which it cannot be told whether it is well. */
export function mayBeUnproven({ waves, onFailure }: Pick<ReleasePlan, 'waves' | 'onFailure'>): boolean {
  const looks = waves.flatMap(({ stages }) => stages.flatMap(({ observe }) => observe));
  return [onFailure, ...looks].some(({ onInconclusive }) => onInconclusive === 'go-on');
}
