import type { AutomaticPromotion } from './contract/promotion.ts';
import type { Commit, Millis, VerifiedRelease } from './contract/release.ts';
import { verifiedLast } from './verified-last.ts';
import { verifiedNow } from './verified-now.ts';

export interface StandingThere {
  /** Where it is promoted from: of each place the newest row, none that is revoked. */
  source: readonly VerifiedRelease[];
  /** Where it is promoted to. */
  target: readonly VerifiedRelease[];
  /** By the clock of the records, as the rows. */
  now: Millis;
}

/** What may be asked for by itself, and the release that has verified it last. */
export interface Due {
  commit: Commit;
  releaseId: string;
  /** Since when all of it is verified there, ms. */
  since: Millis;
}

/**
 * The one commit that is verified wherever anything is, for long enough, and is not all that is verified where it goes. Undefined while there is
 * none: regions that differ are on their way, or wait for somebody, and of what nobody has seen run nobody knows how well it has soaked.
 */
export function dueForPromotion(
  { afterMs }: Pick<AutomaticPromotion, 'afterMs'>,
  standing: StandingThere,
): Due | undefined {
  const rows = verifiedNow(standing.source);
  const newest = verifiedLast(rows);
  const { commit } = rows[0] ?? {};
  if (!newest || commit === undefined || rows.some((row) => row.commit !== commit || row.unseen)) return undefined;
  const { releaseId, verifiedAt: since } = newest;
  if (standing.now - since < afterMs) return undefined;
  const there = verifiedNow(standing.target);
  const isThere = there.length > 0 && there.every((row) => row.commit === commit);
  return isThere ? undefined : { commit, releaseId, since };
}
