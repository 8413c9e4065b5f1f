import type { LeftBehind } from '../../domain/contract/gateway.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { PinnedImage, ReleasePlan } from '../../domain/contract/release.ts';
import { shortDigest } from '../../domain/images.ts';
import { leftBehind, leftInWords, placesOf, regionsTouched, sinceVerified } from '../../domain/left-behind.ts';
import type { TouchingRun } from '../../domain/left-behind.ts';
import type { Records } from '../records/port.ts';
import { lastPlanOf, resultOf } from './recorded-result.ts';
import { backAgain } from './region-proofs.ts';

type Read = Pick<Records, 'inventory' | 'touched' | 'plans' | 'attempts'>;

/** Where in this lane something else may run than what is verified there, by the records: no cluster is asked. */
export async function leftBehindIn(records: Read, lane: LaneKey): Promise<LeftBehind[]> {
  const inventory = await records.inventory.current(lane);
  const since = inventory.length === 0 ? 0 : Math.min(...inventory.map((row) => row.verifiedAt));
  const touched = sinceVerified(await records.touched.list({ ...lane, since }), inventory);
  const runs = await Promise.all(touched.map((run) => withEnd(records, run)));
  return leftBehind(runs, inventory);
}

async function withEnd(records: Read, run: Pick<TouchingRun, 'workflowId' | 'what' | 'firstAt'>): Promise<TouchingRun> {
  const { workflowId } = run;
  const [result, attempt] = await Promise.all([resultOf(records.plans, workflowId), records.attempts.find(workflowId)]);
  const outcome = result?.outcome ?? attempt?.outcome;
  const proven = new Map<string, string[]>();
  for (const region of regionsTouched(run.what))
    proven.set(region, await backAgain(records.plans, { runId: workflowId, ticket: 'any' }, region));
  const back = run.what.filter((words) =>
    placesOf([words]).some((place) => proven.get(place.region)?.includes(place.component)),
  );
  const images = orderOfRollback(workflowId) === undefined ? await imagesOf(records, workflowId) : undefined;
  return { ...run, back, ...(outcome && { outcome }), ...(images && { images }) };
}

async function imagesOf({ plans }: Pick<Records, 'plans'>, releaseId: string): Promise<Record<string, PinnedImage>> {
  const plan = await lastPlanOf(plans, releaseId);
  return Object.fromEntries((plan?.components ?? []).map(({ name, image }) => [name, image]));
}

/** Components that a plan puts back where it seems to leave them: by name, the regions. */
export function putBackBy({ components }: ReleasePlan, left: readonly LeftBehind[]): Map<string, string[]> {
  const regions = ({ name, image }: ReleasePlan['components'][number]) =>
    left.filter((one) => one.component === name && one.image !== image).map(({ region }) => region);
  return new Map(components.map((component) => [component.name, regions(component)]));
}

/** Said with the plan: what is verified is no answer to what runs there. */
export function leftBehindWarnings(left: readonly LeftBehind[]): string[] {
  return left.map((one) => `${one.component} in ${one.region} ${leftInWords(one, shortDigest)}`);
}
