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

/** In what `before` was another request than `now`; undefined when they mean the same. */
export function askedOtherwise(before: Meaning, now: Meaning): string | undefined {
  const other = (Object.keys(inWords) as (keyof Meaning)[]).filter(
    (field) => canonicalJson(before[field]) !== canonicalJson(now[field]),
  );
  return other.length === 0 ? undefined : other.map((field) => wordsOf(field, before)).join(', ');
}

function wordsOf<Field extends keyof Meaning>(field: Field, before: Meaning): string {
  return inWords[field](before[field]);
}
