import { backAgain } from '../../activities/steps/back-again.ts';
import { seenWellBy } from '../../activities/steps/region-proofs.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { RegionStatus } from '../../domain/contract/status.ts';
import type { RunOnRecord } from '../../domain/run-standing.ts';
import type { GatewayParts } from './calls.ts';
import { planInForce } from './decisions.ts';

/** What a run knows before it is on record, so that it is read before the run is asked. */
export async function recordedBefore(
  parts: GatewayParts,
  releaseId: string,
): Promise<Pick<RunOnRecord, 'touched' | 'planHash'>> {
  const [touched, planHash] = await Promise.all([parts.records.touched.find(releaseId), planInForce(parts, releaseId)]);
  return { touched: touched?.what ?? [], ...(planHash !== undefined && { planHash }) };
}

/** What is on record before a run can say it, so that it is read after the run was asked. */
export async function recordedAfter(
  { records }: GatewayParts,
  releaseId: string,
  regions: readonly RegionStatus[],
): Promise<Pick<RunOnRecord, 'seenWell' | 'back' | 'isRollback'>> {
  const names = regions.map(({ region }) => region);
  const [own, rows] = await Promise.all([records.changes.lastOf([releaseId]), records.inventory.of(releaseId)]);
  const [seen, back] = await Promise.all([
    Promise.all(names.map(async (region) => ((await seenWellBy(records.plans, releaseId, region)) ? [region] : []))),
    Promise.all(
      names.map(async (region) => [
        region,
        await backAgain(records.plans, { runId: releaseId, ticket: 'any', own }, region),
      ]),
    ),
  ]);
  return {
    seenWell: [...seen.flat(), ...rows.map(({ region }) => region)],
    back: Object.fromEntries(back) as RunOnRecord['back'],
    isRollback: orderOfRollback(releaseId) !== undefined,
  };
}
