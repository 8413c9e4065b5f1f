import type { LaneKey } from '../../domain/contract/names.ts';
import { regionsTouched } from '../../domain/left-behind.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import type { Attempt, Records } from '../records/port.ts';
import { leftBehindIn } from './left-behind.ts';
import { lastPlanOf } from './recorded-result.ts';

export interface Undoing {
  lane: LaneKey;
  /** The release to undo. */
  attempt: Attempt;
  /** All that it concerns, when absent. */
  regions: string[] | undefined;
}

/** Why a release cannot be undone. */
export interface NotUndoable {
  why: string;
  next?: string;
  /** What was asked for makes no sense, whatever the state of things. */
  isMistake?: true;
}

type Known = Pick<Records, 'inventory' | 'touched' | 'plans' | 'attempts'>;

/**
 * Only what runs, or may, can be rolled back: a release that was deployed to its end, or one that was halted half way. Asked when it is
 * ordered, and by each step that carries the order out. Undefined when it can be.
 */
export async function refuseUndoing(records: Known, undoing: Undoing): Promise<NotUndoable | undefined> {
  const { lane, attempt, regions } = undoing;
  if (regions?.length === 0) return undefined;
  const { outcome } = attempt;
  const { undoable } = meaningOf(outcome);
  if (undoable === 'current') return refuseUnlessCurrent(records, undoing);
  if (undoable === 'left-behind') return refuseUnlessLeftBehind(records, undoing);
  const state = outcome ? `ended ${outcome}` : 'has not ended';
  const place = `--service ${lane.service} --environment ${lane.environment}`;
  return {
    why: `${attempt.releaseId} ${state}: only what was verified, or halted half way, can be rolled back afterwards`,
    next: `See what is verified there, what may run instead, and whether the lane is on hold: slipway lane ${place}`,
  };
}

async function refuseUnlessCurrent(
  records: Known,
  { lane, attempt, regions }: Undoing,
): Promise<NotUndoable | undefined> {
  const plan = await lastPlanOf(records.plans, attempt.releaseId);
  // What it has never put anywhere is none of its business: components and regions come and go.
  const isItsOwn = ({ region, component }: { region: string; component: string }) =>
    !plan ||
    (plan.regions.some(({ name }) => name === region) && plan.components.some(({ name }) => name === component));
  const here = <T extends { region: string; component: string }>(all: T[]) =>
    all.filter((one) => (regions?.includes(one.region) ?? true) && isItsOwn(one));
  const current = here(await records.inventory.current(lane));
  const unknown = regions?.filter((region) => !current.some((row) => row.region === region)) ?? [];
  if (unknown.length > 0)
    return { why: `nothing is verified in ${unknown.join(', ')}: there is nothing to roll back`, isMistake: true };
  // What is unproven has no row of its own: the row before it is what there is to go back to.
  if (!meaningOf(attempt.outcome).proven) return undefined;
  // A rollback that was halted half way has revoked it everywhere, and left it where it could not go back.
  const { releaseId, startedAt } = attempt;
  const isLeft = here(await leftBehindIn(records, lane)).some((one) => one.releaseId === releaseId);
  const inItsPlace = current.find((row) => row.releaseId !== releaseId && (!isLeft || row.verifiedAt > startedAt));
  return inItsPlace && byNow(inItsPlace);
}

/** A halted release is what may run where it was the last to change something, and nothing else was verified since. */
async function refuseUnlessLeftBehind(
  records: Known,
  { lane, attempt, regions }: Undoing,
): Promise<NotUndoable | undefined> {
  const { releaseId, startedAt } = attempt;
  const own = (await records.touched.list({ ...lane, since: startedAt - 1 })).find(
    (run) => run.workflowId === releaseId,
  );
  const touched = regionsTouched(own?.what ?? []);
  const unknown = regions?.filter((region) => !touched.includes(region)) ?? [];
  if (unknown.length > 0) return { why: `${releaseId} has changed nothing in ${unknown.join(', ')}`, isMistake: true };
  const wanted = regions ?? touched;
  const here = <T extends { region: string }>(all: T[]) => all.filter(({ region }) => wanted.includes(region));
  const rows = here(await records.inventory.current(lane));
  const left = here(await leftBehindIn(records, lane));
  const newer = rows.find((row) => row.releaseId !== releaseId && row.verifiedAt > (own?.firstAt ?? Infinity));
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
