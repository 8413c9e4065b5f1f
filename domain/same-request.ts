import { canonicalJson } from './canonical.ts';
import type { ReleaseRequest } from './contract/release.ts';

/** What a request asks for; who asks and when may differ from one repetition to the next. */
export type Meaning = Pick<ReleaseRequest, 'repository' | 'branch' | 'commit' | 'images' | 'downgrade'>;

export function meaningOf({ repository, branch, commit, images, downgrade }: Meaning): Meaning {
  return { repository, branch, commit, images, downgrade };
}

/** Each in the words of whoever asks now, of what was asked for before. */
const inWords: { [Field in keyof Meaning]: (was: Meaning[Field]) => string } = {
  repository: (was) => `from the repository ${was}`,
  branch: (was) => `on the branch ${was}`,
  commit: (was) => `for the commit ${was}`,
  images: (was) => {
    const given = Object.entries(was).map(([component, image]) => `${component}=${image}`);
    return given.length === 0 ? 'without images built elsewhere' : `with the images ${given.join(', ')}`;
  },
  downgrade: (was) => `${was ? 'as' : 'not as'} a downgrade`,
};

/** What is compared. */
export const meaningFields = Object.keys(inWords) as (keyof Meaning)[];

export function meansTheSame(before: Meaning, now: Meaning): boolean {
  return canonicalJson(meaningOf(before)) === canonicalJson(meaningOf(now));
}

/**
 * Why a request gets no attempt of its own beside `before`, the newest of its commit, unless that is said: in what that was another request.
 * Undefined where it gets one. A request gets the attempt that means the same, and where there is none a new one: whatever somebody has asked for
 * first, with other images, from another branch or as a downgrade, keeps nobody from theirs. But a downgrade is no repetition: it is an
 * exception that a person makes for a commit, and is told what there is of it already.
 */
export function askedOtherwise(before: Meaning, now: Meaning): string | undefined {
  if (!now.downgrade) return undefined;
  const other = meaningFields.filter((field) => canonicalJson(before[field]) !== canonicalJson(now[field]));
  return other.length === 0 ? undefined : other.map((field) => wordsOf(field, before)).join(', ');
}

function wordsOf<Field extends keyof Meaning>(field: Field, before: Meaning): string {
  return inWords[field](before[field]);
}
