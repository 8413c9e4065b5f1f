import { stages } from './contract/status.ts';
import type { RegionPhase, ReleaseStatus, Stage } from './contract/status.ts';
import { placeInWords, placesOf } from './left-behind.ts';
import type { Place } from './left-behind.ts';

/** What is on record of a run. Of what it may say before that is on record, and of what it may say only afterwards, when each is read matters. */
export interface RunOnRecord {
  /** What it has begun to change: `core in nl`, `database main`. Read before it is asked. */
  touched: readonly string[];
  /** The plan in force; absent before there is one. Read before it is asked. */
  planHash?: string;
  /** Regions that its steps have seen well; absent of a run that is over: others have been there since. Read after it was asked. */
  seenWell?: readonly string[] | undefined;
  /** Components that its steps have seen back, by region. Read after it was asked. */
  back: Readonly<Record<string, readonly string[]>>;
  /** It only puts back. */
  isRollback: boolean;
}

type Said = Pick<ReleaseStatus, 'stage' | 'regions' | 'planHash'>;

/**
 * Where a run says otherwise of itself than it is on record, in words: it was reset, or somebody else runs under its id. That something is well, or
 * back, is believed where steps have seen it; that nothing was changed, where nothing was.
 */
export function differencesOfRun(recorded: RunOnRecord, said: Said): string[] {
  const { touched, planHash, seenWell } = recorded;
  const unsaid = unsaidOf(touched, said);
  const phase = (wanted: RegionPhase) => said.regions.filter((one) => one.phase === wanted).map(({ region }) => region);
  const notWell = seenWell ? phase('verified').filter((region) => !seenWell.includes(region)) : [];
  const notBack = phase('rolled-back').filter((region) => !isBackIn(region, recorded));
  return [
    ...(unsaid.length > 0
      ? [`The run itself does not say that it has begun to change ${unsaid.join(', ')}, which is on record.`]
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

/** Before its first change nothing was changed; after that, what it calls untouched, or does not name, is not. */
function unsaidOf(touched: readonly string[], { stage, regions }: Said): string[] {
  if (stages.indexOf(stage) < stages.indexOf('migrating' satisfies Stage)) return [...touched];
  const isUnsaid = ({ region }: Place) => {
    const known = regions.find((one) => one.region === region);
    return !known || known.phase === 'pending' || known.phase === 'unchanged';
  };
  return placesOf(touched)
    .filter(isUnsaid)
    .map(({ component, region }) => placeInWords(component, region));
}

/** Of a rollback something must be; of a release all that it has changed there. */
function isBackIn(region: string, { touched, back, isRollback }: RunOnRecord): boolean {
  const seen = back[region] ?? [];
  const changed = placesOf(touched).filter((place) => place.region === region);
  return (!isRollback || seen.length > 0) && changed.every(({ component }) => seen.includes(component));
}
