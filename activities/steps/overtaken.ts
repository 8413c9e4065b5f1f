import type { LaneKey } from '../../domain/contract/names.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { Inventory, Plans } from '../records/port.ts';
import type { Authority } from './types.ts';

/** What is kept of it. */
export const proceedsDocument = 'proceeds';

interface Proceeds {
  planHash: string;
  /** The last row of the inventory then. */
  position: number;
}

interface Known<Documents extends 'keep' | 'kept'> {
  plans: Pick<Plans, Documents>;
  inventory: Pick<Inventory, 'position' | 'since'>;
}

/** The plan was held against what runs there, by the run that holds the lane, and may go on. */
export async function keepProceeds(
  { plans, inventory }: Known<'keep'>,
  lane: LaneKey,
  { releaseId, planHash }: Pick<Authority, 'releaseId' | 'planHash'>,
): Promise<void> {
  const kept: Proceeds = { planHash, position: await inventory.position(lane) };
  await plans.keep(releaseId, proceedsDocument, kept);
}

/** Why the plan of a release does not stand against what runs there: it was never held against it, or something newer was verified since. */
export async function refuseOvertaken(
  { plans, inventory }: Known<'kept'>,
  { releaseId, planHash }: Pick<Authority, 'releaseId' | 'planHash'>,
): Promise<string | undefined> {
  const lane = laneOfRun(releaseId);
  const kept = (await plans.kept(releaseId, proceedsDocument)) as Proceeds | undefined;
  if (!lane || kept?.planHash !== planHash) return 'its plan was not held against what runs there';
  const newer = await inventory.since(lane, kept.position);
  const other = newer.find((row) => row.releaseId !== releaseId);
  return other && `${other.releaseId} was verified in ${other.region} since its plan was held against what runs there`;
}
