import type { FailurePolicy, OnInconclusive } from './contract/release.ts';
import { entryOf } from './errors/catalogue.ts';
import type { FailureDetails } from './errors/failure.ts';

/** A failure says itself what it means. Recorded failures of the first versions do not name a blame: those were the release's. */
type Told = Pick<FailureDetails, 'code' | 'final' | 'inconclusive' | 'stops'> & Partial<Pick<FailureDetails, 'blame'>>;

/** It could not be told whether a region, or an image, is well: no proof against the release, and none for it. */
export function isInconclusive(failure: Told): boolean {
  return isMarked(failure, 'inconclusive');
}

/** A failure that was recorded before there was such a mark does not bear it: then the catalogue says. */
function isMarked(failure: Told, mark: 'inconclusive' | 'stops'): boolean {
  return (failure[mark] ?? entryOf(failure.code)?.[mark]) === true;
}

/** A migration that failed before it began, and has done nothing. */
const notBegun: ReadonlySet<string> = new Set(['SLIP-MIG-12', 'SLIP-MIG-13', 'SLIP-MIG-14']);

export function hasNotBegun({ code }: Pick<FailureDetails, 'code'>): boolean {
  return notBegun.has(code);
}

/** Others have changed what was put there: doing it again by ourselves would be a fight with them. */
export function isUndoneByOthers({ code }: Pick<FailureDetails, 'code'>): boolean {
  return code === 'SLIP-K8S-16';
}

/** Something was changed since the region was looked at last: another look may show that all is well. */
export function isUnseen({ code }: Pick<FailureDetails, 'code'>): boolean {
  return code === 'SLIP-REL-12';
}

/** People want back what was changed, whether the run has heard them or not. */
export function isWantedBack({ code }: Pick<FailureDetails, 'code'>): boolean {
  return code === 'SLIP-REL-15';
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
  if (asked || isWantedBack(failure)) return 'roll-back';
  if (gaveUp || isMarked(failure, 'stops')) return 'stop';
  const counts = isReleasesOwn(failure) || (isInconclusive(failure) && onInconclusive === 'roll-back');
  return counts && partial !== 'hold' && !confirm ? 'roll-back' : 'ask';
}
