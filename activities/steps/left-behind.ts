import type { LeftBehind } from '../../domain/contract/gateway.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Millis, PlannedComponent, ReleasePlan, VerifiedRelease } from '../../domain/contract/release.ts';
import { artifactDigestOf, isVerifiedAs } from '../../domain/delivery.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { shortDigest } from '../../domain/images.ts';
import { isOther, leftBehind, leftInWords, placesOf, regionsTouched, stillToTell } from '../../domain/left-behind.ts';
import type { Place, TouchingRun } from '../../domain/left-behind.ts';
import type { Attempt, OwnChange, Records, TouchedRun } from '../records/port.ts';
import { atOnce } from './at-once.ts';
import { lastPlanOf, resultOf, standingDocuments } from './recorded-result.ts';
import { backAgain, backIn } from './back-again.ts';

type Read = Pick<Records, 'inventory' | 'touched' | 'changes' | 'plans' | 'attempts'>;

/**
 * Where in this lane something else may run than what is verified there, by the records: no cluster is asked. `inventory`: what is verified
 * there, where whoever asks has read it.
 */
export async function leftBehindIn(
  records: Read,
  lane: LaneKey,
  inventory?: readonly VerifiedRelease[],
): Promise<LeftBehind[]> {
  const verified = inventory ?? (await records.inventory.current(lane));
  const since = verified.length === 0 ? 0 : verified.reduce((first, row) => Math.min(first, row.verifiedAt), Infinity);
  const open = stillToTell(verified);
  const known: TouchingRun[] = [];
  const requireFew = countingPlaces(lane);
  for await (const page of pagesOf(records, { ...lane, since })) {
    for (let runs = open.among(page), some = few(runs); some.length > 0; some = few(runs)) {
      requireFew(some);
      const ended = await withEnds(records, some);
      open.tell(ended);
      known.push(...ended);
      runs = open.among(runs.slice(some.length));
    }
  }
  return leftBehind(known, verified);
}

/**
 * In all runs that are asked: ten ways back in a row that have brought back nothing of all that one run can change
 * (activities/records/schema-places.ts). A release says by its plan what is there, and those before it are not asked.
 */
const mostPlaces = 100_000;

/** What a run says of itself has no more (input-documents.ts). Each is asked for by its name. */
const mostRegions = 1_000;

/** Throws SLIP-REC-8 for more than runs of people can have changed: a login can name any place. */
function countingPlaces({ service, environment }: LaneKey): (runs: readonly TouchedRun[]) => void {
  let places = 0;
  const regions = new Set<string>();
  return (runs) => {
    for (const { what } of runs) {
      places += what.length;
      for (const region of regionsTouched(what)) regions.add(region);
    }
    if (places <= mostPlaces && regions.size <= mostRegions) return;
    const bound = places > mostPlaces ? `${mostPlaces} places` : `${mostRegions} regions`;
    const of = `that runs of ${service}/${environment} have changed since what is verified there`;
    throw failure('SLIP-REC-8', `there are more than ${bound} ${of}, written by the login of an environment`);
  };
}

/** Of each all its documents are in memory, and its plan. */
const mostAtOnce = { runs: 20, places: 10_000 };

/** The first of them, as few as may tell what those after them would be asked for: one at least, where there is one. */
function few(runs: readonly TouchedRun[]): TouchedRun[] {
  let places = 0;
  const end = runs.findIndex(({ what }) => (places += what.length) > mostAtOnce.places);
  return runs.slice(0, end === -1 ? mostAtOnce.runs : Math.min(mostAtOnce.runs, Math.max(end, 1)));
}

async function* pagesOf({ touched }: Pick<Records, 'touched'>, lane: LaneKey & { since: Millis }) {
  for (let last: TouchedRun | undefined; ;) {
    const { runs, more } = await touched.list({ ...lane, ...(last && { after: last.workflowId }) });
    yield runs;
    last = runs.at(-1);
    if (!more || !last) return;
  }
}

/** How they have ended, what they have brought back, and what their plans have: asked for all of them at once. */
async function withEnds(records: Read, runs: readonly TouchedRun[]): Promise<TouchingRun[]> {
  const ids = runs.map(({ workflowId }) => workflowId);
  const regions = [...new Set(runs.flatMap(({ what }) => regionsTouched(what)))];
  const [documents, own, attempts] = await Promise.all([
    atOnce(records.plans, ids, [...standingDocuments, ...regions.map(backIn)]),
    records.changes.lastOf(ids),
    Promise.all(ids.map((id) => records.attempts.find(id))),
  ]);
  const plans = { ...documents, find: (hash: string) => records.plans.find(hash) };
  const changes = Map.groupBy(own, changedIn);
  return Promise.all(runs.map((run, i) => withEnd(plans, run, { attempt: attempts[i], changes })));
}

const changedIn = ({ workflowId, region }: Pick<OwnChange, 'workflowId' | 'region'>) => `${workflowId} ${region}`;

async function withEnd(
  plans: Pick<Records['plans'], 'kept' | 'find'>,
  run: TouchedRun,
  { attempt, changes }: { attempt: Attempt | undefined; changes: ReadonlyMap<string, OwnChange[]> },
): Promise<TouchingRun> {
  const { workflowId, what } = run;
  const regions = regionsTouched(what);
  const seenBackIn = async (region: string) => {
    const own = changes.get(changedIn({ workflowId, region })) ?? [];
    return [region, new Set(await backAgain(plans, { runId: workflowId, ticket: 'any', own }, region))] as const;
  };
  const [result, puts, back] = await Promise.all([
    resultOf(plans, workflowId),
    orderOfRollback(workflowId) === undefined ? putBy(plans, workflowId) : undefined,
    Promise.all(regions.map(seenBackIn)).then((each) => new Map(each)),
  ]);
  const outcome = result?.outcome ?? attempt?.outcome;
  const isBack = ({ component, region }: Place) => back.get(region)?.has(component) ?? false;
  return {
    ...run,
    back: what.filter((words) => placesOf([words]).some(isBack)),
    ...(outcome && { outcome }),
    ...(puts && { puts }),
  };
}

async function putBy(
  plans: Pick<Records['plans'], 'kept' | 'find'>,
  releaseId: string,
): Promise<NonNullable<TouchingRun['puts']>> {
  const plan = await lastPlanOf(plans, releaseId);
  const puts = (plan?.components ?? []).map((component) => {
    const { name, image } = component;
    const artifact = artifactDigestOf(component);
    return [name, { image, ...(artifact !== undefined && { artifact }) }] as const;
  });
  return Object.fromEntries(puts);
}

/**
 * Components that a plan puts back where it seems to leave them: by name, the regions. Where nothing, or something else, is verified, nothing is
 * put back, whatever may run there.
 */
export function putBackBy(
  { components }: ReleasePlan,
  left: readonly LeftBehind[],
  inventory: readonly VerifiedRelease[],
): Map<string, string[]> {
  const isBackIn = (region: string, component: PlannedComponent) =>
    inventory.some((row) => row.region === region && row.component === component.name && isVerifiedAs(row, component));
  const regions = (component: PlannedComponent) =>
    left
      .filter((one) => one.component === component.name && isOther(one, component) && isBackIn(one.region, component))
      .map(({ region }) => region);
  return new Map(components.map((component) => [component.name, regions(component)]));
}

/** More than anybody reads; all of them are no message that Temporal takes. */
const mostWarnings = 50;

/** Said with the plan: what is verified is no answer to what runs there. */
export function leftBehindWarnings(left: readonly LeftBehind[]): string[] {
  const shown = left
    .slice(0, mostWarnings)
    .map((one) => `${one.component} in ${one.region} ${leftInWords(one, shortDigest)}`);
  const more = left.length - shown.length;
  return more === 0
    ? shown
    : [...shown, `so may ${more} more places run something else than what is verified there: see \`slipway lane\``];
}
