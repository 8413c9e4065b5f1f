import type { LaneKey } from '../../domain/contract/names.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { SchemaChange } from '../../domain/contract/release.ts';
import type { Inventory, Plans, SchemaChanges } from '../records/port.ts';
import type { Authority } from './types.ts';

/** What is kept of it. */
export const proceedsDocument = 'proceeds';

/** What the records had of the lane when somebody began to look. */
interface LaneMarks {
  /** The last row of the inventory. */
  position: number;
  /** What had been done to the schema, by the words of `changeInWords`. */
  schema: string[];
}

interface Proceeds extends LaneMarks {
  planHash: string;
}

interface Known {
  inventory: Pick<Inventory, 'position' | 'since'>;
  schema: Pick<SchemaChanges, 'list'>;
}

/** Read before a plan is held against what runs there: what comes while that is done was not seen. */
export async function laneMarks({ inventory, schema }: Known, lane: LaneKey): Promise<LaneMarks> {
  const [position, changes] = await Promise.all([inventory.position(lane), schema.list(lane)]);
  return { position, schema: changes.map(changeInWords) };
}

/** The plan was held against what runs there, by the run that holds the lane, and may go on. `marks`: from before that was done. */
export async function keepProceeds(
  plans: Pick<Plans, 'keep'>,
  { releaseId, planHash }: Pick<Authority, 'releaseId' | 'planHash'>,
  marks: LaneMarks,
): Promise<void> {
  await plans.keep(releaseId, proceedsDocument, { planHash, ...marks } satisfies Proceeds);
}

/** Why the plan of a release does not stand against what runs there: it was never held against it, or something else was done there since. */
export async function refuseOvertaken(
  { plans, ...records }: Known & { plans: Pick<Plans, 'kept'> },
  { releaseId, planHash }: Pick<Authority, 'releaseId' | 'planHash'>,
): Promise<string | undefined> {
  const lane = laneOfRun(releaseId);
  const kept = (await plans.kept(releaseId, proceedsDocument)) as Proceeds | undefined;
  if (!lane || kept?.planHash !== planHash) return 'its plan was not held against what runs there';
  const [newer, changes] = await Promise.all([records.inventory.since(lane, kept.position), records.schema.list(lane)]);
  const since = 'since its plan was held against what runs there';
  const other = newer.find((row) => row.releaseId !== releaseId);
  if (other) return `${other.releaseId} was verified in ${other.region} ${since}`;
  const change = changes.find((one) => one.releaseId !== releaseId && !kept.schema.includes(changeInWords(one)));
  return change && `${change.releaseId} has changed the schema of ${change.database} ${since}`;
}

function changeInWords({ database, releaseId }: Pick<SchemaChange, 'database' | 'releaseId'>): string {
  return `${database} by ${releaseId}`;
}
