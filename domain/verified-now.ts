import type { VerifiedRelease } from './contract/release.ts';

type Row = Pick<VerifiedRelease, 'region' | 'releaseId' | 'verifiedAt'>;

/**
 * What is verified now: of each region what its newest release has there. A release records all that it has in a region, so that a row of an older one
 * is of a component that has left the region, and says what was there once. `rows`: none that is revoked, of each place the newest.
 */
export function verifiedNow<R extends Row>(rows: readonly R[]): R[] {
  const last = newestIn(rows);
  return rows.filter(({ region, releaseId }) => last.get(region) === releaseId);
}

/** Of each region the release that was verified there last. */
export function newestIn(rows: readonly Row[]): Map<string, string> {
  const oldestFirst = [...rows].sort((a, b) => a.verifiedAt - b.verifiedAt);
  return new Map(oldestFirst.map(({ region, releaseId }) => [region, releaseId]));
}
