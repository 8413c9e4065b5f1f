import { backAgain } from '../../activities/steps/back-again.ts';
import { seenWellBy } from '../../activities/steps/region-proofs.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { RegionStatus } from '../../domain/contract/status.ts';
import type { RunOnRecord } from '../../domain/run-standing.ts';
import type { GatewayParts } from './calls.ts';
import { planInForce } from './decisions.ts';

/** What a run knows before it is on record, so that it is read before the run is asked. `runId`: which of Temporal's has changed something. */
export async function recordedBefore(
  parts: GatewayParts,
  releaseId: string,
): Promise<Pick<RunOnRecord, 'touched' | 'planHash'> & { runId?: string }> {
  const [known, planHash] = await Promise.all([parts.records.touched.find(releaseId), planInForce(parts, releaseId)]);
  const of = { ...(known && { runId: known.runId }), ...(planHash !== undefined && { planHash }) };
  return { touched: known?.what ?? [], ...of };
}

/** What is on record before an open run can say it, so that it is read after the run was asked. */
export async function seenSince(
  parts: GatewayParts,
  releaseId: string,
  regions: readonly RegionStatus[],
): Promise<Pick<RunOnRecord, 'seenWell' | 'back' | 'isRollback'>> {
  const { inventory, plans } = parts.records;
  const [rows, back, seen] = await Promise.all([
    inventory.of(releaseId),
    seenBack(parts, releaseId, regions),
    Promise.all(regions.map(async ({ region }) => ((await seenWellBy(plans, releaseId, region)) ? [region] : []))),
  ]);
  return { seenWell: [...seen.flat(), ...rows.map(({ region }) => region)], ...back };
}

export async function seenBack(
  { records: { changes, plans } }: GatewayParts,
  releaseId: string,
  regions: readonly RegionStatus[],
): Promise<Pick<RunOnRecord, 'back' | 'isRollback'>> {
  const own = await changes.lastOf([releaseId]);
  const back = regions.map(async ({ region }) => {
    return [region, await backAgain(plans, { runId: releaseId, ticket: 'any', own }, region)] as const;
  });
  return { back: Object.fromEntries(await Promise.all(back)), isRollback: orderOfRollback(releaseId) !== undefined };
}
