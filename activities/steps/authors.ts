import type { ReleaseRequest, VerifiedRelease } from '../../domain/contract/release.ts';
import type { Records } from '../records/port.ts';
import type { Source } from '../source/port.ts';
import { commitsOf } from './schema-age.ts';
import type { ReadRelease } from './types.ts';

/**
 * Who has written what this request releases: all that is in none of the commits that are verified there. Where nothing is verified yet, the
 * commit alone: whoever once wrote a line of a whole history could otherwise approve nothing.
 */
export function authorsToBe(
  source: Pick<Source, 'authors'>,
  { repository, commit }: Pick<ReleaseRequest, 'repository' | 'commit'>,
  inventory: readonly VerifiedRelease[],
): Promise<string[] | undefined> {
  return source.authors({ repository, commit, notIn: commitsOf(inventory) });
}

/** The same as it was found when the release was read. */
export async function authorsOf(
  plans: Pick<Records['plans'], 'kept'>,
  releaseId: string,
): Promise<string[] | 'unknown'> {
  return ((await plans.kept(releaseId, 'read')) as ReadRelease | undefined)?.authors ?? 'unknown';
}
