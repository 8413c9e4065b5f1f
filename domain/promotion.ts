import { waitInWords } from './approval-course.ts';
import { exactly } from './plan-facts.ts';
import type {
  Artifact,
  Commit,
  Millis,
  PinnedImage,
  PlannedComponent,
  PromotionSpec,
  ReleasePlan,
  VerifiedRelease,
} from './contract/release.ts';
import { shortDigest } from './images.ts';
import { inShort } from './migration-plan.ts';
import { verifiedNow } from './verified-now.ts';

export interface PromotionFacts {
  service: string;
  commit: Commit;
  promotion: PromotionSpec;
  /** Names of all that is to be deployed. */
  components: readonly string[];
  /** What was verified of this commit where it comes from, revoked or not, the newest first. */
  rows: readonly VerifiedRelease[];
  /** What is verified there by now, of whichever commit: to say it. */
  inventory: readonly VerifiedRelease[];
  /** Releases that are ordered back there, and are not back yet. */
  goingBack: readonly string[];
  /** By the clock of the records, as the rows. */
  now: Millis;
}

export type PromotionChoice = { kind: 'take'; artifacts: Artifact[] } | { kind: 'refused'; why: string };

/** A component in a region of where it comes from, and what the newest row of this commit says of it. */
interface Place {
  component: string;
  region: string;
  row?: VerifiedRelease;
}

/**
 * The images that are verified for this commit in every region that they go to there; or why they may not be promoted, and what to do. Of each
 * place its newest row counts: what was taken back and verified once more is verified.
 */
export function choosePromoted(facts: PromotionFacts): PromotionChoice {
  const places = placesOf(facts);
  const why =
    refuseTakenBack(facts, places) ??
    refuseGoingBack(facts, places) ??
    refuseOpen(facts, places) ??
    refuseUnseen(facts, places) ??
    refuseOld(facts, places);
  if (why !== undefined) return { kind: 'refused', why };
  const artifacts: Artifact[] = [];
  for (const component of facts.components) {
    const rows = places.flatMap((place) => (place.component === component && place.row ? [place.row] : []));
    const newest = rows.reduce((a, b) => (b.verifiedAt > a.verifiedAt ? b : a));
    const other = rows.find(({ image }) => image !== newest.image);
    if (other) return { kind: 'refused', why: differsInWords(facts, newest, other) };
    const { image, environment, releaseId } = newest;
    artifacts.push({ component, image, origin: 'promoted', promoted: { environment, releaseId } });
  }
  return { kind: 'take', artifacts };
}

function placesOf({ promotion, components, rows }: PromotionFacts): Place[] {
  return components.flatMap((component) =>
    (promotion.regions[component] ?? []).map((region) => {
      const row = rows.find((one) => one.component === component && one.region === region);
      return { component, region, ...(row && { row }) };
    }),
  );
}

function refuseTakenBack(facts: PromotionFacts, places: readonly Place[]): string | undefined {
  const revoked = places.filter(({ row }) => row?.state === 'revoked');
  const [first] = revoked;
  if (!first?.row) return undefined;
  const what = `${inShort(revoked.map(inWords))} of ${short(facts)}`;
  return `${what} was revoked in ${facts.promotion.environment}: it was verified, and put back since. Read why (slipway status ${first.row.releaseId}), and release a commit with the fix there first`;
}

/** It is revoked when it is back: until then its rows say that it is verified. */
function refuseGoingBack(facts: PromotionFacts, places: readonly Place[]): string | undefined {
  const { environment } = facts.promotion;
  const taken = places.find(({ row }) => row && facts.goingBack.includes(row.releaseId));
  if (!taken?.row) return undefined;
  return `${inWords(taken)} of ${short(facts)} is being put back in ${environment}: ${taken.row.releaseId} was ordered back. See how that ends: slipway lane --service ${facts.service} --environment ${environment}`;
}

function refuseUnseen(facts: PromotionFacts, places: readonly Place[]): string | undefined {
  const unseen = places.filter(({ row }) => row?.unseen);
  if (unseen.length === 0) return undefined;
  return `${inShort(unseen.map(inWords))} of ${short(facts)} was put in place in ${facts.promotion.environment}, and nobody has seen it run: it was scaled to zero. Start it there, and release it once more: ${releaseThere(facts)} --new-attempt`;
}

function refuseOpen(facts: PromotionFacts, places: readonly Place[]): string | undefined {
  const { environment } = facts.promotion;
  const open = places.filter(({ row }) => row === undefined);
  if (open.length === 0 && places.length > 0) return undefined;
  if (open.length < places.length) {
    const missing = `${inShort(open.map(inWords))} of it is not`;
    return `${short(facts)} is verified in ${environment} in some places only: ${missing}. See how far it is there (slipway lane --service ${facts.service} --environment ${environment}), and bring it to its end: ${releaseThere(facts)}`;
  }
  return `${short(facts)} is not verified in ${environment}; ${nowInWords(facts)}. Release it there first: ${releaseThere(facts)}`;
}

function nowInWords({ promotion: { environment }, inventory }: PromotionFacts): string {
  const byCommit = Map.groupBy(verifiedNow(inventory), ({ commit }) => commit);
  const commits = [...byCommit].map(([commit, rows]) => {
    const regions = [...new Set(rows.map(({ region }) => region))];
    return `${commit.slice(0, 12)} (${inShort(regions)})`;
  });
  return commits.length === 0
    ? `nothing is verified in ${environment}`
    : `what is verified there is ${inShort(commits)}`;
}

/** The age of the oldest row counts: so long has nobody looked whether that one is well. */
function refuseOld({ now, ...facts }: PromotionFacts, places: readonly Place[]): string | undefined {
  const { environment, maxAgeMs } = facts.promotion;
  const rows = places.flatMap(({ row }) => row ?? []);
  if (maxAgeMs === undefined || rows.length === 0) return undefined;
  const oldest = rows.reduce((a, b) => (b.verifiedAt < a.verifiedAt ? b : a));
  const age = now - oldest.verifiedAt;
  if (age <= maxAgeMs) return undefined;
  const since = new Date(oldest.verifiedAt).toISOString();
  return `${oldest.component} of ${short(facts)} was verified in ${environment}, ${oldest.region}, ${waitInWords(age)} ago (${since}), and may be promoted for ${exactly(maxAgeMs)}. Verify it there once more: ${releaseThere(facts)} --new-attempt`;
}

function differsInWords(facts: Pick<PromotionFacts, 'service' | 'commit' | 'promotion'>, ...rows: VerifiedRelease[]) {
  const { environment } = facts.promotion;
  const images = rows.map(({ image, region }) => `${shortDigest(image)} in ${region}`).join(', ');
  return `${rows[0]!.component} of ${short(facts)} is not one image in ${environment}: ${images}. Release it once more in all its regions: ${releaseThere(facts)} --new-attempt`;
}

/** That the registry does not have it any more. */
export function goneInWords(
  facts: Pick<PromotionFacts, 'service' | 'commit' | 'promotion'>,
  { component, image }: Artifact,
): string {
  return `${component} of ${short(facts)} is verified in ${facts.promotion.environment} as ${image}, which its registry does not have any more. Have the registry keep what is verified; it is built again by ${releaseThere(facts)} --new-attempt`;
}

/** What is verified there by now, where that is another image than the plan has. The plan was approved with its own. */
export function otherThanPlanned(
  plan: Pick<ReleasePlan, 'components'>,
  artifacts: readonly Artifact[],
): string | undefined {
  const isOther = ({ name, image }: PlannedComponent) =>
    artifacts.some((one) => one.component === name && one.image !== image);
  const other = plan.components.find(isOther);
  return other && `another image of ${other.name} is verified in ${other.promoted?.environment ?? 'there'} now`;
}

/**
 * Why a plan has not said the truth of where its images come from, by what is on record there of its commit; undefined where it has, and where
 * it promotes none. Whether that was revoked since is judged where the lane is claimed: what is half done must be able to go on.
 */
export function refuseUnrecorded(
  { components, commit }: Pick<ReleasePlan, 'components' | 'commit'>,
  rows: readonly VerifiedRelease[],
): string | undefined {
  const isOnRecord = (component: string, image: PinnedImage, releaseId: string, environment: string) =>
    rows.some(
      (row) =>
        row.component === component &&
        row.image === image &&
        row.releaseId === releaseId &&
        row.environment === environment &&
        row.commit === commit,
    );
  for (const { name, image, promoted } of components) {
    if (!promoted) continue;
    const { environment, releaseId } = promoted;
    if (!isOnRecord(name, image, releaseId, environment))
      return `${name} is said to be promoted from ${environment}, where ${releaseId} is not on record to have verified ${image}`;
  }
  return undefined;
}

function inWords({ component, region }: Place): string {
  return `${component} in ${region}`;
}

function short({ commit }: Pick<PromotionFacts, 'commit'>): string {
  return commit.slice(0, 12);
}

function releaseThere({
  service,
  commit,
  promotion,
}: Pick<PromotionFacts, 'service' | 'commit' | 'promotion'>): string {
  return `slipway deploy --service ${service} --commit ${commit} --environment ${promotion.environment}`;
}
