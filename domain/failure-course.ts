import type { FailurePolicy, OnInconclusive } from './contract/release.ts';
import type { FailureDetails } from './errors/failure.ts';

/** Whose fault a failure is, and whether trying again may mend it. Recorded failures of the first versions do not say: those were the release's. */
type Told = Pick<FailureDetails, 'code' | 'final'> & Partial<Pick<FailureDetails, 'blame'>>;

const inconclusive: ReadonlySet<string> = new Set(['SLIP-VER-3', 'SLIP-SCAN-2', 'SLIP-K8S-17']);

/** It could not be told whether a region, or an image, is well: no proof against the release, and none for it. */
export function isInconclusive({ code }: Pick<FailureDetails, 'code'>): boolean {
  return inconclusive.has(code);
}

export function isReleasesOwn({ blame = 'release' }: Told): boolean {
  return blame === 'release';
}

/** Whether the same step may succeed later in the same run, once somebody or something outside has changed. */
export function canBeMended(failure: Told): boolean {
  return !isReleasesOwn(failure) && failure.final !== true;
}

/** What a step that cannot be mended by waiting for a moment does next: wait for a person, or leave it to whoever asked for the step. */
export function afterPatience(failure: Told, onInconclusive: OnInconclusive): 'hold' | 'throw' {
  return isInconclusive(failure) && onInconclusive !== 'hold' ? 'throw' : 'hold';
}

export type Course =
  /** By itself, at once. */
  | 'roll-back'
  /** A person decides. */
  | 'ask'
  /** Nothing more is changed. */
  | 'stop';

/**
 * What follows a failure once something has been changed. Only what is the release's own fault rolls back by itself, where the policy
 * says so; what is somebody else's waits for a person, once.
 */
export function courseAfter(
  failure: Told,
  { partial, confirm, onInconclusive = 'hold' }: FailurePolicy,
  {
    asked,
    gaveUp,
  }: {
    /** A person has ordered a rollback. */ asked: boolean;
    /** The run was held for it already. */ gaveUp: boolean;
  },
): Course {
  if (asked) return 'roll-back';
  if (gaveUp || failure.code === 'SLIP-REL-9') return 'stop';
  const counts = isReleasesOwn(failure) || (isInconclusive(failure) && onInconclusive === 'roll-back');
  return counts && partial !== 'hold' && !confirm ? 'roll-back' : 'ask';
}
