import type { LeftBehind } from './contract/gateway.ts';
import type { RegionOverview, VerifiedThere, VersionThere } from './contract/overview.ts';
import type { VerifiedRelease } from './contract/release.ts';
import { shortDigest } from './images.ts';
import { leftInWords } from './left-behind.ts';

/** Of a place of a lane: what was verified there last, whatever became of that. */
export interface LastVerified {
  last: VerifiedRelease;
  /** Why that counts no more, where it was revoked. */
  revokedBecause?: string;
  /** What counts: the newest that is not revoked. */
  current?: VerifiedRelease;
}

/**
 * How each region of a lane stands by the records. What a run has left there says more than what was verified before it: green is nothing of
 * which nobody knows that it still runs.
 */
export function regionsOf(places: readonly LastVerified[], left: readonly LeftBehind[]): RegionOverview[] {
  const byRegion = Map.groupBy(places, ({ last }) => last.region);
  const regions = new Set([...byRegion.keys(), ...left.map(({ region }) => region)]);
  return [...regions].sort().map((region) => {
    const there = byRegion.get(region) ?? [];
    return {
      region,
      ...standingOf(
        there,
        left.filter((one) => one.region === region),
      ),
    };
  });
}

type Standing = Omit<RegionOverview, 'region' | 'behind'>;

function standingOf(places: readonly LastVerified[], left: readonly LeftBehind[]): Standing {
  const current = places.flatMap((place) => place.current ?? []);
  const newest = newestOf(current);
  const isOf = (row: VerifiedRelease, one: LeftBehind) =>
    one.component === row.component && one.releaseId === row.releaseId;
  // What was taken back and is not known to be gone, or left nothing else that counts.
  const revoked = places.filter(
    ({ last, current: counts }) => last.state === 'revoked' && (!counts || left.some((one) => isOf(last, one))),
  );
  const unknown = left.filter((one) => !revoked.some(({ last }) => isOf(last, one)));
  if (unknown.length > 0) return { ...about(newest, current, places.length || unknown.length), ...whyUnknown(unknown) };
  if (revoked.length > 0) return { ...aboutRevoked(revoked, places) };
  return { state: 'verified', ...about(newest, current, places.length) };
}

function newestOf(rows: readonly VerifiedRelease[]): VerifiedRelease | undefined {
  return rows.reduce<VerifiedRelease | undefined>(
    (newest, row) => (newest && newest.verifiedAt >= row.verifiedAt ? newest : row),
    undefined,
  );
}

function about(newest: VerifiedRelease | undefined, rows: readonly VerifiedRelease[], components: number) {
  return { ...(newest && { release: releaseOf(newest) }), components, ...severalIn(rows) };
}

/** Where they are not all of one commit. */
function severalIn(rows: readonly VerifiedRelease[]): { versions?: VersionThere[] } {
  const versions = versionsIn(rows);
  return versions.length > 1 ? { versions } : {};
}

/** The newest first. */
function versionsIn(rows: readonly VerifiedRelease[]): VersionThere[] {
  const newestFirst = rows.toSorted((one, other) => other.verifiedAt - one.verifiedAt);
  return [...Map.groupBy(newestFirst, ({ commit }) => commit)].map(([commit, own]) => ({
    commit,
    components: own.map(({ component }) => component).sort(),
  }));
}

function releaseOf({ releaseId, commit, verifiedAt }: VerifiedRelease): VerifiedThere {
  return { releaseId, commit, verifiedAt };
}

function whyUnknown(left: readonly LeftBehind[]): Pick<Standing, 'state' | 'why'> {
  const [first] = left;
  const more = left.length > 1 ? `, and ${left.length - 1} more` : '';
  return { state: 'unknown', why: first ? `${first.component} ${leftInWords(first, shortDigest)}${more}` : '' };
}

/** What is verified beside it counts as a version, too. */
function aboutRevoked(revoked: readonly LastVerified[], places: readonly LastVerified[]): Standing {
  const newest = newestOf(revoked.map(({ last }) => last));
  const rows = places.flatMap((place) => (revoked.includes(place) ? place.last : (place.current ?? [])));
  const because = revoked.find(({ revokedBecause }) => revokedBecause !== undefined)?.revokedBecause;
  return {
    state: 'revoked',
    ...about(newest, rows, places.length),
    ...(because !== undefined && { why: because }),
  };
}
