import type { Attempt } from '../../activities/records/port.ts';
import { leftBehindIn } from '../../activities/steps/left-behind.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import { regionsTouched } from '../../domain/left-behind.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

interface Undoing {
  lane: LaneKey;
  attempt: Attempt;
  /** All that it concerns, when absent. */
  regions: string[] | undefined;
}

type Parts = Pick<GatewayParts, 'records'>;

/**
 * Only what runs, or may, can be rolled back: a release that was deployed to its end, or one that was halted half way. Looked at again when
 * the lane is held: see `chooseRollback`. Throws 409, and 400 for regions that it does not concern.
 */
export async function requireUndoable(parts: Parts, undoing: Undoing): Promise<void> {
  const { lane, attempt } = undoing;
  const { outcome } = attempt;
  const { undoable } = meaningOf(outcome);
  if (undoable === 'current') return requireCurrent(parts, undoing);
  if (undoable === 'left-behind') return requireLeftBehind(parts, undoing);
  const state = outcome ? `ended ${outcome}` : 'has not ended';
  const place = `--service ${lane.service} --environment ${lane.environment}`;
  throw new Refused(
    409,
    'conflict',
    `${attempt.releaseId} ${state}: only what was verified, or halted half way, can be rolled back afterwards`,
    `See what is verified there, what may run instead, and whether the lane is on hold: slipway lane ${place}`,
  );
}

async function requireCurrent({ records }: Parts, { lane, attempt, regions }: Undoing): Promise<void> {
  const here = <T extends { region: string }>(all: T[]) =>
    all.filter(({ region }) => regions?.includes(region) ?? true);
  const current = here(await records.inventory.current(lane));
  const unknown = regions?.filter((region) => !current.some((row) => row.region === region)) ?? [];
  if (unknown.length > 0) {
    throw new Refused(
      400,
      'bad-request',
      `nothing is verified in ${unknown.join(', ')}: there is nothing to roll back`,
    );
  }
  // What is unproven has no row of its own: the row before it is what there is to go back to.
  if (!meaningOf(attempt.outcome).proven) return;
  // A rollback that was halted half way has revoked it everywhere, and left it where it could not go back.
  const { releaseId, startedAt } = attempt;
  const isLeft = here(await leftBehindIn(records, lane)).some((one) => one.releaseId === releaseId);
  const inItsPlace = current.find((row) => row.releaseId !== releaseId && (!isLeft || row.verifiedAt > startedAt));
  if (inItsPlace) throw byNow(inItsPlace);
}

/** A halted release is what may run where it was the last to change something, and nothing else was verified since. */
async function requireLeftBehind({ records }: Parts, { lane, attempt, regions }: Undoing): Promise<void> {
  const { releaseId, startedAt } = attempt;
  const own = (await records.touched.list({ ...lane, since: startedAt - 1 })).find(
    (run) => run.workflowId === releaseId,
  );
  const touched = regionsTouched(own?.what ?? []);
  const unknown = regions?.filter((region) => !touched.includes(region)) ?? [];
  if (unknown.length > 0)
    throw new Refused(400, 'bad-request', `${releaseId} has changed nothing in ${unknown.join(', ')}`);
  const wanted = regions ?? touched;
  const here = <T extends { region: string }>(all: T[]) => all.filter(({ region }) => wanted.includes(region));
  const rows = here(await records.inventory.current(lane));
  const left = here(await leftBehindIn(records, lane));
  const newer = rows.find((row) => row.releaseId !== releaseId && row.verifiedAt > (own?.firstAt ?? Infinity));
  if (newer) throw byNow(newer);
  const other = left.find((one) => one.releaseId !== releaseId);
  if (other) {
    const why = `${other.releaseId} has changed ${other.region} since: that is what may run there`;
    throw new Refused(409, 'conflict', why, `Roll that one back instead: slipway rollback ${other.releaseId}`);
  }
  if ([...left, ...rows].some((one) => one.releaseId === releaseId)) return;
  const nothing = touched.length === 0 ? 'had changed no region' : 'is back everywhere already';
  throw new Refused(
    409,
    'conflict',
    `${releaseId} ${nothing}: there is nothing to put back`,
    `Look at what else it may have left behind: slipway status ${releaseId}; then clear the hold of the lane.`,
  );
}

function byNow({ region, releaseId }: { region: string; releaseId: string }): Refused {
  return new Refused(409, 'conflict', `${region} runs ${releaseId} by now: only what runs can be rolled back`);
}
