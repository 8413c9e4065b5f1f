import type { LeftBehind } from './contract/gateway.ts';
import { artifactDigestOf } from './delivery.ts';
import type { Digest, Millis, PinnedImage, VerifiedRelease } from './contract/release.ts';

/** A run that has changed something, and what came of it. */
export interface TouchingRun {
  workflowId: string;
  /** By the clock of the records. */
  begunAt: Millis;
  /** As it is on record: `core in de`, `database main`. */
  what: string[];
  outcome?: string;
  /** Of that, what it has itself brought back to what was verified there. */
  back: string[];
  /** What its plan has by component; absent for a run that only puts back. */
  puts?: Record<string, { image: PinnedImage; artifact?: Digest }>;
}

/** How a run's record names what it changes in a region. */
export function placeInWords(component: string, region: string): string {
  return `${component} in ${region}`;
}

/** The same of a database. The schema of the records knows these words, too (activities/records/schema-begun.ts). */
export function databaseInWords(database: string): string {
  return `database ${database}`;
}

/** Databases that a run has changed. */
export function databasesTouched(what: readonly string[]): string[] {
  // All of the words: what a component called "database" is changed in is one of `placesOf`.
  return what.flatMap((one) => /^database (\S+)$/.exec(one)?.slice(1) ?? []);
}

export interface Place {
  component: string;
  region: string;
}

/** What a run has changed in regions, taken apart. */
export function placesOf(what: readonly string[]): Place[] {
  return what.flatMap((one) => {
    const [, component, region] = /^(\S+) in (\S+)$/.exec(one) ?? [];
    return component !== undefined && region !== undefined ? [{ component, region }] : [];
  });
}

/** Regions that a run has changed. */
export function regionsTouched(what: readonly string[]): string[] {
  return [...new Set(placesOf(what).map(({ region }) => region))];
}

type Touching = Pick<TouchingRun, 'begunAt' | 'what'>;

/** Of runs that come newest first, those that have something to tell: a lane may have thousands, and few of them are asked how they have ended. */
export function stillToTell(inventory: readonly VerifiedRelease[]) {
  const verified = verifiedAt(inventory);
  const told = new Set<string>();
  const isOpen = (run: Touching) => (place: Place) => isLater(run, place, verified) && !told.has(inWords(place));
  return {
    /** Those that have changed a place after what is verified there was, where none has told yet what is there. */
    among: <T extends Touching>(runs: readonly T[]): T[] => runs.filter((run) => placesOf(run.what).some(isOpen(run))),
    /** Older ones are not asked about the same places any more. */
    tell(runs: readonly TouchingRun[]): void {
      for (const words of runs.flatMap(toldBy)) told.add(words);
    },
  };
}

const inWords = ({ component, region }: Place) => placeInWords(component, region);

/** Places of which it can be told by this run what is there. One that was to put something back, and could not say that it has, leaves what was there before it, or half of it. */
function toldBy({ puts, what, back }: TouchingRun): string[] {
  return puts === undefined ? back : placesOf(what).map(inWords);
}

/** By the words for its place, when that was verified. */
function verifiedAt(inventory: readonly VerifiedRelease[]): ReadonlyMap<string, Millis> {
  const rows = [...inventory].reverse();
  return new Map(rows.map((row) => [inWords(row), row.verifiedAt]));
}

function isLater({ begunAt }: Touching, place: Place, verified: ReadonlyMap<string, Millis>): boolean {
  return begunAt > (verified.get(inWords(place)) ?? -Infinity);
}

/**
 * Where something else may run than what is verified there: a run has changed it since, and has not brought it back. What was verified last
 * is no answer to what runs: a run that was ended half way leaves its own image.
 */
export function leftBehind(runs: readonly TouchingRun[], inventory: readonly VerifiedRelease[]): LeftBehind[] {
  return lastInPlaces(runs, verifiedAt(inventory)).flatMap(({ place: { component, region }, last, isBack }) => {
    if (!last?.puts || isBack) return [];
    const { workflowId: releaseId, outcome, puts } = last;
    return [{ region, component, releaseId, ...puts[component], ...(outcome && { outcome }) }];
  });
}

interface Changed {
  place: Place;
  /** The last run by which it can be told what is there. */
  last?: TouchingRun;
  isBack?: boolean;
}

/** Places changed since they were verified. Each is looked at once for each run: a run's record may name thousands. */
function lastInPlaces(runs: readonly TouchingRun[], verified: ReadonlyMap<string, Millis>): Changed[] {
  const changed = new Map<string, Changed>();
  for (const run of [...runs].sort((a, b) => b.begunAt - a.begunAt)) {
    const [back, told] = [new Set(run.back), new Set(toldBy(run))];
    for (const place of placesOf(run.what)) {
      const words = inWords(place);
      if (changed.get(words)?.last || !isLater(run, place, verified)) continue;
      changed.set(words, { place, ...(told.has(words) && { last: run, isBack: back.has(words) }) });
    }
  }
  return [...changed.values()];
}

/** Whether that is something else than what a plan has of the component. */
export function isOther(left: LeftBehind, planned: Parameters<typeof artifactDigestOf>[0]): boolean {
  const { image, artifact } = left;
  return image !== planned.image || (artifact !== undefined && artifact !== artifactDigestOf(planned));
}

/** `may run 77aa… of release/…, which ended halted`. */
export function leftInWords(
  { image, artifact, releaseId, outcome }: LeftBehind,
  shown: (image: PinnedImage) => string,
): string {
  const isMore = image !== undefined && artifact !== undefined && artifact !== artifactDigestOf({ image });
  const what = image
    ? `${shown(image)} ${isMore ? 'with the variables ' : ''}of ${releaseId}`
    : `what ${releaseId} put there`;
  return `may run ${what}, which ${outcome ? `ended ${outcome}` : 'has not ended'}`;
}
