import { componentsIn } from '../../domain/components-in.ts';
import { laneOfRun, orderOfRollback } from '../../domain/contract/names.ts';
import type { ReleasePlan, Ticket, VerifiedRelease } from '../../domain/contract/release.ts';
import { databasesTouched, placesOf, regionsTouched } from '../../domain/left-behind.ts';
import type { KnownOfEnd } from '../../domain/outcomes.ts';
import { regionsOfOrder } from '../../domain/regions-of-order.ts';
import { barrierTo } from '../../domain/rollback-target.ts';
import { isVerifiedIn } from '../../domain/verified-in.ts';
import { mayBeUnproven } from '../../domain/wave-order.ts';
import type { OwnChange, Records } from '../records/port.ts';
import type { OrderOfRun } from './order-of-run.ts';
import { lastPlanOf } from './recorded-result.ts';
import { backAgain } from './back-again.ts';
import { hasDeployedTo } from './changing.ts';
import { chosenTargets } from './chosen-way-back.ts';
import { migrationEnds } from './migration-ends.ts';
import { changedBy } from './touching.ts';

/** A run that says that it is over, by the records. */
export interface Ending {
  releaseId: string;
  /** What it carries out, if it was ordered. */
  order: OrderOfRun | undefined;
  /** By which it holds its lane. */
  ticket: Ticket | undefined;
  /** What it has begun to change. */
  changed: string[];
}

/** What the records know of what a run says of its end. `isWantedBack`: all that it has changed, also what it has on record as verified. */
export async function seenOfEnd(
  records: Records,
  run: Ending,
  { isWantedBack }: { isWantedBack: boolean },
): Promise<KnownOfEnd['seen']> {
  const { releaseId } = run;
  const [plan, rows, own, hasPutBack] = await Promise.all([
    orderOfRollback(releaseId) === undefined ? lastPlanOf(records.plans, releaseId) : undefined,
    records.inventory.of(releaseId),
    records.changes.lastOf([releaseId]),
    records.changes.hasPutBack(releaseId),
  ]);
  const stands = (region: string) => plan !== undefined && isVerifiedIn(region, plan, rows);
  const places = await placesToBeBack(records, run);
  const toBeBack = isWantedBack ? places : places.filter(({ region }) => !stands(region));
  const isMigrated = await areMigrated(records, run);
  return {
    isVerified: isMigrated && (plan?.regions.every(({ name }) => stands(name)) ?? false),
    mayBeUnproven: isMigrated && plan !== undefined && mayBeUnproven(plan) && !hasPutBack && isInPlace(plan, own),
    isBack:
      isMigrated && (await isBack(records, { ...run, own }, toBeBack)) && (await isCarried(records, run, toBeBack)),
  };
}

/** By region: components that the run has changed itself, and those that the release has changed that it was ordered to undo. */
async function placesToBeBack(
  records: Records,
  { order, changed }: Ending,
): Promise<{ region: string; components: string[] }[]> {
  const undone = order ? await changedBy(records, order.releaseId) : [];
  const places = Map.groupBy(placesOf([...changed, ...undone]), ({ region }) => region);
  const regions = order ? await regionsToUndo(records, order, undone) : regionsTouched(changed);
  return regions.map((region) => ({
    region,
    components: (places.get(region) ?? []).map(({ component }) => component),
  }));
}

async function regionsToUndo(
  { attempts, plans }: Pick<Records, 'attempts' | 'plans'>,
  { releaseId, regions }: OrderOfRun,
  undone: string[],
): Promise<string[]> {
  const [attempt, plan] = await Promise.all([attempts.find(releaseId), lastPlanOf(plans, releaseId)]);
  const planned = plan?.regions.map(({ name }) => name);
  return regionsOfOrder(regions, { outcome: attempt?.outcome, planned, changed: undone });
}

/** All that the plan has was written in each region. */
function isInPlace(plan: ReleasePlan, own: readonly OwnChange[]): boolean {
  return plan.regions.every(({ name }) => hasDeployedTo(name, componentsIn(plan, name), own));
}

/** All of it, and something: a step has seen each component back since. */
async function isBack(
  { plans }: Pick<Records, 'plans'>,
  { releaseId, ticket, own }: Ending & { own: OwnChange[] },
  places: Awaited<ReturnType<typeof placesToBeBack>>,
): Promise<boolean> {
  const changes = Map.groupBy(own, ({ region }) => region);
  const each = await Promise.all(
    places.map(async ({ region, components }) => {
      const there = changes.get(region) ?? [];
      const back = new Set(await backAgain(plans, { runId: releaseId, ticket, own: there }, region));
      return back.size > 0 && components.every((component) => back.has(component));
    }),
  );
  return each.length > 0 && each.every(Boolean);
}

/** Each database that it has begun to change is on record as changed, wholly. */
async function areMigrated(records: Pick<Records, 'plans'>, { releaseId, changed }: Ending): Promise<boolean> {
  const ends = await Promise.all(
    databasesTouched(changed).map((database) => migrationEnds(records).find({ authority: { releaseId }, database })),
  );
  return ends.every((end) => end?.kind === 'succeeded');
}

/** The schema, as this run has left it, still carries what it has put back: that was asked when it was put there, and may have changed since. */
async function isCarried(
  { plans, inventory, schema }: Pick<Records, 'plans' | 'inventory' | 'schema'>,
  { releaseId, ticket, changed }: Ending,
  places: Awaited<ReturnType<typeof placesToBeBack>>,
): Promise<boolean> {
  const lane = laneOfRun(releaseId);
  if (!lane || databasesTouched(changed).length === 0) return true;
  const changes = await schema.list(lane);
  const each = places.map(async ({ region, components }) => {
    const targets = await chosenTargets(plans, { runId: releaseId, ticket }, region);
    const carried = components.map(async (component) => {
      const rows = await inventory.history({ ...lane, region, component, limit: 50 });
      const isChosen = (row: VerifiedRelease) =>
        targets.some((target) => target.component === component && target.releaseId === row.releaseId);
      const row = rows.find((one) => isChosen(one) && one.releaseId !== releaseId);
      return row !== undefined && barrierTo(row, changes) === undefined;
    });
    return (await Promise.all(carried)).every(Boolean);
  });
  return (await Promise.all(each)).every(Boolean);
}
