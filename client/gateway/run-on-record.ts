import type { Plans } from '../../activities/records/port.ts';
import { atOnce } from '../../activities/steps/at-once.ts';
import { backAgain, backIn } from '../../activities/steps/back-again.ts';
import { laneOf } from '../../activities/steps/lane-of.ts';
import { seenIn, seenWellBy } from '../../activities/steps/region-proofs.ts';
import { laneId, orderOfRollback } from '../../domain/contract/names.ts';
import { regionsTouched } from '../../domain/left-behind.ts';
import type { RunOnRecord } from '../../domain/run-standing.ts';
import type { GatewayParts } from './calls.ts';
import { planInForce } from './decisions.ts';

type Before = Pick<RunOnRecord, 'touched' | 'planHash'>;

/** What a run knows before it is on record, so that it is read before the run is asked. `runId`: which of Temporal's has changed something. */
export async function recordedBefore(parts: GatewayParts, releaseId: string): Promise<Before & { runId?: string }> {
  const [known, planHash] = await Promise.all([parts.records.touched.find(releaseId), planInForce(parts, releaseId)]);
  const of = { ...(known && { runId: known.runId }), ...(planHash !== undefined && { planHash }) };
  return { touched: known?.what ?? [], ...of };
}

/**
 * What is on record before an open run can say it, so that it is read after the run was asked. Of the regions that the records know of: what is
 * asked is not for the run to choose, which may say as many as it likes, each second.
 */
export async function seenSince(
  { records }: GatewayParts,
  releaseId: string,
  { touched, planHash }: Before,
): Promise<Pick<RunOnRecord, 'planned' | 'seenWell' | 'back' | 'isRollback'>> {
  const { inventory, plans } = records;
  const [rows, plan] = await Promise.all([
    inventory.of(releaseId),
    planHash === undefined ? undefined : plans.find(planHash),
  ]);
  const planned = plan?.regions.map(({ name }) => name);
  const regions = [...new Set([...(planned ?? []), ...regionsTouched(touched)])];
  const names = regions.flatMap((region) => [backIn(region), seenIn(region)]);
  const documents = await atOnce(plans, [releaseId, laneId(laneOf(releaseId))], names);
  const seen = regions.map(async (region) => ((await seenWellBy(documents, releaseId, region)) ? [region] : []));
  const seenWell = [...(await Promise.all(seen)).flat(), ...rows.map(({ region }) => region)];
  return {
    ...(planned && { planned }),
    seenWell,
    ...(await backOf({ ...records, plans: documents }, releaseId, regions)),
  };
}

/** Of a run that is over. Back can be what it has begun to change, and nothing else. */
export async function seenBack(
  { records }: GatewayParts,
  releaseId: string,
  touched: readonly string[],
): Promise<Pick<RunOnRecord, 'back' | 'isRollback'>> {
  const regions = regionsTouched(touched);
  const documents = await atOnce(records.plans, [releaseId], regions.map(backIn));
  return backOf({ ...records, plans: documents }, releaseId, regions);
}

async function backOf(
  { changes, plans }: Pick<GatewayParts['records'], 'changes'> & { plans: Pick<Plans, 'kept'> },
  releaseId: string,
  regions: readonly string[],
): Promise<Pick<RunOnRecord, 'back' | 'isRollback'>> {
  const own = await changes.lastOf([releaseId]);
  const back = regions.map(async (region) => {
    return [region, await backAgain(plans, { runId: releaseId, ticket: 'any', own }, region)] as const;
  });
  return { back: Object.fromEntries(await Promise.all(back)), isRollback: orderOfRollback(releaseId) !== undefined };
}
