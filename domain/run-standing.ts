import { stages } from './contract/status.ts';
import type { RegionPhase, RegionStatus, ReleaseStatus, Stage } from './contract/status.ts';
import { databaseInWords, databasesTouched, placeInWords, placesOf, regionsTouched } from './left-behind.ts';
import type { Place } from './left-behind.ts';
import { inShort } from './migration-plan.ts';

/** What is on record of a run. Of what it may say before that is on record, and of what it may say only afterwards, when each is read matters. */
export interface RunOnRecord {
  /** What it has begun to change: `core in nl`, `database main`. Read before it is asked. */
  touched: readonly string[];
  /** The plan in force; absent before there is one. Read before it is asked. */
  planHash?: string;
  /** Regions of that plan: a run has no others to speak of, but what it has begun to change. Absent where there is no plan to be read. */
  planned?: readonly string[];
  /** Regions that its steps have seen well; absent of a run that is over: others have been there since. Read after it was asked. */
  seenWell?: readonly string[] | undefined;
  /** Components that its steps have seen back, by region. Read after it was asked. */
  back: Readonly<Record<string, readonly string[]>>;
  /** It only puts back. */
  isRollback: boolean;
}

type Said = Pick<ReleaseStatus, 'stage' | 'regions' | 'planHash' | 'timings'>;

/**
 * Where a run says otherwise of itself than it is on record, in words: it was reset, or somebody else runs under its id. That something is well, or
 * back, is believed where steps have seen it; that nothing was changed, where nothing was.
 */
export function differencesOfRun(recorded: RunOnRecord, said: Said): string[] {
  const { touched, planHash, seenWell } = recorded;
  const unsaid = unsaidOf(touched, said);
  const known = ownRegions(recorded);
  const changed = Map.groupBy(placesOf(touched), ({ region }) => region);
  const isOwn = ({ region }: { region: string }) => known?.has(region) ?? true;
  const strange = said.regions.filter((one) => !isOwn(one)).map(({ region }) => region);
  // What is none of its regions is told as that, and nothing else of it.
  const own = said.regions.filter(isOwn);
  const calls = (wanted: RegionPhase) => own.filter((one) => claims(one, wanted)).map(({ region }) => region);
  const well = seenWell && new Set(seenWell);
  const notWell = well ? calls('verified').filter((region) => !well.has(region)) : [];
  const isBack = (one: RegionStatus) => isBackAsSaid(one, recorded, changed.get(one.region) ?? []);
  const notBack = own.filter((one) => !isBack(one)).map(({ region }) => region);
  return [
    ...(unsaid.length > 0
      ? [`The run itself does not say that it has begun to change ${unsaid.join(', ')}, which is on record.`]
      : []),
    ...(strange.length > 0
      ? [
          `The run itself names ${inShort(strange, mostNamed)}, which is in neither its plan nor what it has changed by the records.`,
        ]
      : []),
    ...notWell.map((region) => `The run itself says that ${region} is verified; on record no step has seen it well.`),
    ...notBack.map(
      (region) => `The run itself says that ${region} is back; on record no step has seen all of it back.`,
    ),
    ...(planHash !== undefined && said.planHash !== undefined && said.planHash !== planHash
      ? [`The run itself says that its plan is ${said.planHash}; on record it is ${planHash}.`]
      : []),
  ];
}

/** Of the region, or of a component of it: it is marked so only as a whole. */
function claims({ phase, components }: RegionStatus, wanted: RegionPhase): boolean {
  return phase === wanted || components.some((one) => one.phase === wanted);
}

/** Those that a run can speak of; undefined where nobody knows. */
function ownRegions({ planned, touched }: RunOnRecord): Set<string> | undefined {
  return planned && new Set([...planned, ...regionsTouched(touched)]);
}

/** It may name a thousand. */
const mostNamed = 3;

/** Before its first change nothing was changed; after that, what it calls untouched, or does not name, is not. */
function unsaidOf(touched: readonly string[], { stage, regions, timings }: Said): string[] {
  if (stages.indexOf(stage) < stages.indexOf('migrating' satisfies Stage)) return [...touched];
  const known = new Map(regions.map(({ region, phase }) => [region, phase]));
  const cells = new Map(
    regions.flatMap(({ region, components }) =>
      components.map(({ component, phase }) => [placeInWords(component, region), phase] as const),
    ),
  );
  const isUnsaid = ({ component, region }: Place) => {
    const [phase, ofCell] = [known.get(region), cells.get(placeInWords(component, region))];
    return phase === undefined || isUntouched(phase) || (ofCell !== undefined && isUntouched(ofCell));
  };
  const places = placesOf(touched).filter(isUnsaid);
  // One that was ended from outside has said nothing of its stages.
  const hasMigrated = (stage === 'done' && timings.length === 0) || timings.some((one) => one.stage === 'migrating');
  return [
    ...(hasMigrated ? [] : databasesTouched(touched).map(databaseInWords)),
    ...places.map(({ component, region }) => placeInWords(component, region)),
  ];
}

const isUntouched = (phase: RegionPhase) => phase === 'pending' || phase === 'unchanged';

/** Of a rollback something must be; of a release all that it has changed there, but for what it says is not. `places`: those changed there. */
function isBackAsSaid(said: RegionStatus, { back, isRollback }: RunOnRecord, places: readonly Place[]): boolean {
  const { region, phase, components } = said;
  const seen = new Set(back[region]);
  const changed = new Set(places.map(({ component }) => component));
  const isSeen = (component: string) => seen.has(component) || (!isRollback && !changed.has(component));
  if (components.some((one) => one.phase === 'rolled-back' && !isSeen(one.component))) return false;
  if (phase === 'partly-back') return seen.size > 0;
  if (phase !== 'rolled-back') return true;
  return (!isRollback || seen.size > 0) && places.every(({ component }) => seen.has(component));
}
