import { hasPlace } from '../../domain/components-in.ts';
import type { LeftBehind } from '../../domain/contract/gateway.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Millis, ReleasePlan, VerifiedRelease } from '../../domain/contract/release.ts';
import { placeInWords, placesOf, regionsTouched } from '../../domain/left-behind.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import type { Attempt, Records } from '../records/port.ts';
import { leftBehindIn } from './left-behind.ts';
import { lastPlanOf } from './recorded-result.ts';

/** The release to undo: its attempt, and its plan, are read already, or are being read. */
export interface Undoing {
  lane: LaneKey;
  releaseId: string;
  attempt: Attempt | Promise<Attempt | undefined>;
  /** Left out where nobody reads it besides. */
  plan?: Promise<ReleasePlan | undefined>;
}

/** Why a release cannot be undone. */
export interface NotUndoable {
  why: string;
  next?: string;
  /** What was asked for makes no sense, whatever the state of things. */
  isMistake?: true;
}

type Known = Pick<Records, 'inventory' | 'touched' | 'changes' | 'plans' | 'attempts'>;

/** What the records know of a release that is to be undone, and of its lane. */
export interface KnownOfUndoing {
  lane: LaneKey;
  attempt: Attempt;
  plan?: ReleasePlan | undefined;
  current: VerifiedRelease[];
  left: LeftBehind[];
  /** What it has changed. */
  own?: { what: string[]; begunAt: Millis } | undefined;
}

/** Asked at once, for all regions, also beside what is being read: each step of a rollback waits for it. Undefined for a release that nobody knows. */
export async function lookAtUndoing(
  records: Known,
  { lane, releaseId, attempt: ofRelease, plan: read }: Undoing,
): Promise<KnownOfUndoing | undefined> {
  const reading = records.inventory.current(lane);
  const [attempt, current, left, plan, own] = await Promise.all([
    ofRelease,
    reading,
    reading.then((inventory) => leftBehindIn(records, lane, inventory)),
    read ?? lastPlanOf(records.plans, releaseId),
    records.touched.find(releaseId),
  ]);
  return attempt && { lane, attempt, plan, current, left, own };
}

/**
 * Only what runs, or may, can be rolled back: a release that was deployed to its end, or one that was halted half way. Asked when it is
 * ordered, and by each step that carries the order out. `regions`: all that it concerns, when absent. Undefined when it can be.
 */
export function refuseUndoing(known: KnownOfUndoing, regions: string[] | undefined): NotUndoable | undefined {
  if (regions?.length === 0) return undefined;
  const { lane, attempt } = known;
  const { outcome } = attempt;
  const { undoable } = meaningOf(outcome);
  if (undoable) return withRest(known, regions, undoable === 'current' ? refuseUnlessCurrent : refuseUnlessLeftBehind);
  const state = outcome ? `ended ${outcome}` : 'has not ended';
  const place = `--service ${lane.service} --environment ${lane.environment}`;
  return {
    why: `${attempt.releaseId} ${state}: only what was verified, or halted half way, can be rolled back afterwards`,
    next: `See what is verified there, what may run instead, and whether the lane is on hold: slipway lane ${place}`,
  };
}

type Refusal = (known: KnownOfUndoing, regions: string[] | undefined) => NotUndoable | undefined;

/** What runs something else in one region may be what runs in the others: those are named, with the command for them. */
function withRest(known: KnownOfUndoing, regions: string[] | undefined, refusal: Refusal): NotUndoable | undefined {
  const refused = refusal(known, regions);
  if (!refused || refused.next !== undefined || refused.isMistake) return refused;
  const { lane, attempt } = known;
  const rest = byRegion(known)
    .filter(([region, there]) => (regions?.includes(region) ?? true) && !refusal(there, [region]))
    .map(([region]) => region)
    .sort();
  const next =
    rest.length === 0
      ? `See what runs where: slipway lane --service ${lane.service} --environment ${lane.environment}`
      : `Where it runs still: slipway rollback ${attempt.releaseId} ${rest.map((one) => `--region ${one}`).join(' ')} --reason "…"`;
  return { ...refused, next };
}

/** What is known, taken apart: a run may have changed thousands of regions, and each is asked about alone. */
function byRegion(known: KnownOfUndoing): [region: string, there: KnownOfUndoing][] {
  const { current, left, own } = known;
  const [rows, leftIn] = [Map.groupBy(current, regionOf), Map.groupBy(left, regionOf)];
  const places = Map.groupBy(placesOf(own?.what ?? []), regionOf);
  return [...new Set([...rows.keys(), ...places.keys()])].map((region) => {
    const what = places.get(region)?.map((place) => placeInWords(place.component, place.region)) ?? [];
    const there = { current: rows.get(region) ?? [], left: leftIn.get(region) ?? [], own: own && { ...own, what } };
    return [region, { ...known, ...there }];
  });
}

const regionOf = ({ region }: { region: string }) => region;

function refuseUnlessCurrent(
  { attempt, plan, current: rows, left, own }: KnownOfUndoing,
  regions: string[] | undefined,
): NotUndoable | undefined {
  // What it has never put anywhere is none of its business: components and regions come and go.
  const isItsOwn = ({ region, component }: { region: string; component: string }) =>
    !plan || hasPlace(plan, { region, component });
  const here = <T extends { region: string; component: string }>(all: T[]) =>
    all.filter((one) => (regions?.includes(one.region) ?? true) && isItsOwn(one));
  const current = here(rows);
  const unknown = regions?.filter((region) => !current.some((row) => row.region === region)) ?? [];
  if (unknown.length > 0)
    return { why: `nothing is verified in ${unknown.join(', ')}: there is nothing to roll back`, isMistake: true };
  // What is unproven has no row of its own: the row before it is what there is to go back to.
  if (!meaningOf(attempt.outcome).proven) return undefined;
  // A rollback that was halted half way has revoked it everywhere, and left it where it could not go back.
  const { releaseId } = attempt;
  const isLeft = here(left).some((one) => one.releaseId === releaseId);
  const isSince = (row: VerifiedRelease) => row.verifiedAt > (own?.begunAt ?? -Infinity);
  const inItsPlace = current.find((row) => row.releaseId !== releaseId && (!isLeft || isSince(row)));
  return inItsPlace && byNow(inItsPlace);
}

/** A halted release is what may run where it was the last to change something, and nothing else was verified since. */
function refuseUnlessLeftBehind(
  { attempt: { releaseId }, own, current, left: leftAnywhere }: KnownOfUndoing,
  regions: string[] | undefined,
): NotUndoable | undefined {
  const touched = regionsTouched(own?.what ?? []);
  const known = new Set(touched);
  const unknown = regions?.filter((region) => !known.has(region)) ?? [];
  if (unknown.length > 0) return { why: `${releaseId} has changed nothing in ${unknown.join(', ')}`, isMistake: true };
  const wanted = regions ? new Set(regions) : known;
  const here = <T extends { region: string }>(all: T[]) => all.filter(({ region }) => wanted.has(region));
  const rows = here(current);
  const left = here(leftAnywhere);
  const newer = rows.find((row) => row.releaseId !== releaseId && row.verifiedAt > (own?.begunAt ?? Infinity));
  if (newer) return byNow(newer);
  const other = left.find((one) => one.releaseId !== releaseId);
  if (other)
    return {
      why: `${other.releaseId} has changed ${other.region} since: that is what may run there`,
      next: `Roll that one back instead: slipway rollback ${other.releaseId}`,
    };
  if ([...left, ...rows].some((one) => one.releaseId === releaseId)) return undefined;
  const nothing = touched.length === 0 ? 'had changed no region' : 'is back everywhere already';
  return {
    why: `${releaseId} ${nothing}: there is nothing to put back`,
    next: `Look at what else it may have left behind: slipway status ${releaseId}; then clear the hold of the lane.`,
  };
}

function byNow({ region, releaseId }: { region: string; releaseId: string }): NotUndoable {
  return { why: `${region} runs ${releaseId} by now: only what runs can be rolled back` };
}
