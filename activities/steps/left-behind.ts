import type { LeftBehind } from '../../domain/contract/gateway.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { PinnedImage, ReleasePlan } from '../../domain/contract/release.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { shortDigest } from '../../domain/images.ts';
import { leftBehind, leftInWords, placesOf, sinceVerified } from '../../domain/left-behind.ts';
import type { TouchingRun } from '../../domain/left-behind.ts';
import type { Records } from '../records/port.ts';
import { planHashOf, resultOf } from './recorded-result.ts';

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
  const back = run.what.filter((words) => isBack(words, result));
  const images = orderOfRollback(workflowId) === undefined ? await imagesOf(records, workflowId) : undefined;
  return { ...run, back, ...(outcome && { outcome }), ...(images && { images }) };
}

/** Where a new component stays behind, the others of its region are back all the same. */
function isBack(words: string, result: ReleaseResult | undefined): boolean {
  const [place] = placesOf([words]);
  const there = result?.regions.find(({ region }) => region === place?.region);
  const component = there?.components.find((one) => one.component === place?.component);
  return there?.phase === 'rolled-back' || component?.phase === 'rolled-back';
}

async function imagesOf({ plans }: Pick<Records, 'plans'>, releaseId: string): Promise<Record<string, PinnedImage>> {
  const hash = await planHashOf(plans, releaseId);
  const plan = hash === undefined ? undefined : await plans.find(hash);
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
