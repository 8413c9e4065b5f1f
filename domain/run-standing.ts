import { stages } from './contract/status.ts';
import type { ReleaseStatus, Stage } from './contract/status.ts';
import { placesOf } from './left-behind.ts';

/** What is on record of a run that is open. */
export interface RunOnRecord {
  /** What it has begun to change: `core in nl`, `database main`. */
  touched: readonly string[];
  /** The plan in force; absent before there is one. */
  planHash?: string;
}

/**
 * Where a run says otherwise of itself, in words: it was reset, or somebody else runs under its id. `recorded` was read before it was asked: a
 * run knows what it is about to change before that is on record.
 */
export function differencesOfRun(recorded: RunOnRecord, said: ReleaseStatus): string[] {
  const { touched, planHash } = recorded;
  const isBefore = stages.indexOf(said.stage) < stages.indexOf('migrating' satisfies Stage);
  const places = placesOf(touched).filter(({ region }) =>
    said.regions.some((one) => one.region === region && one.phase === 'pending'),
  );
  const unsaid = isBefore ? [...touched] : places.map(({ component, region }) => `${component} in ${region}`);
  return [
    ...(unsaid.length > 0
      ? [`The run itself does not say that it has begun to change ${unsaid.join(', ')}, which is on record.`]
      : []),
    ...(planHash !== undefined && said.planHash !== undefined && said.planHash !== planHash
      ? [`The run itself says that its plan is ${said.planHash}; on record it is ${planHash}.`]
      : []),
  ];
}
