import { activityInfo } from '@temporalio/activity';
import type { Lanes } from '../lanes/port.ts';
import type { Records } from '../records/port.ts';
import { says } from '../shared/saying.ts';
import type { LaneClosure, LaneFence, LaneHold, LaneHolder, LaneMemory } from '../../domain/contract/lane.ts';
import { laneId, laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { keptOutBy, newestOf } from '../../domain/lane-closures.ts';
import { askedAnew } from '../../domain/lane-state.ts';
import { formatTicket, isNextTicket, isSameTicket } from '../../domain/ticket.ts';
import { closuresOf, isHoldLifted } from './lane-closings.ts';
import { concludeLost, hadBegun } from './lost-runs.ts';
import { recordedOutcome } from './recorded-result.ts';
import { requireOwnRun } from './release-record.ts';
import type { Verifier } from '../shared/signatures.ts';
import { changedBy } from './touching.ts';
import type { LaneSteps } from './types.ts';

export interface LaneDependencies {
  records: Records;
  lanes: Lanes;
  verifier: Verifier;
  now: () => number;
}

/** What a lane decides is held against what it may: whom it lets in, and by which ticket. What closes it is not for it to say. */
export function createLaneSteps(deps: LaneDependencies): LaneSteps {
  const { records, lanes, verifier, now } = deps;

  /**
   * How a run has ended that is at work no more, whoever has ended it; see `concludeLost`. That is not for a lane to say of a run of another one, nor
   * of one that has neither changed anything nor the lane: it may not have begun yet.
   */
  async function lookFor(releaseId: string): Promise<{ open: boolean; outcome?: string }> {
    const { open } = await lanes.look(releaseId);
    if (open) return { open };
    const begun = isOfThisLane(releaseId) && (await hadBegun(records, releaseId));
    const outcome = begun
      ? await concludeLost({ records, verifier }, releaseId, now())
      : await recordedOutcome(records, releaseId);
    return { open, ...(outcome !== undefined && { outcome }) };
  }

  /**
   * Whoever has begun to change something stays in until its end is on record: by that it leaves its hold. What a lane was told, or says, of
   * its going is not enough.
   */
  async function mustStay(before: LaneHolder | undefined, holder: LaneHolder | undefined): Promise<boolean> {
    const id = before?.member.releaseId;
    if (id === undefined || id === holder?.member.releaseId) return false;
    if ((await changedBy(records, id)).length === 0 || (await recordedOutcome(records, id)) !== undefined) return false;
    return (await lookFor(id)).open;
  }

  /** A lane that is refused begins anew, and finds what it did not know. */
  async function isRefused(lane: LaneKey, holder: LaneHolder | undefined, fence: LaneFence): Promise<boolean> {
    const before = await records.lanes.holder(lane);
    if (await mustStay(before, holder)) return true;
    if (!holder || isSame(holder, before)) return false;
    if (!isNextTicket(holder.ticket, fence)) return true;
    return keptOutBy(await closuresOf(deps, lane, now()), holder.member, now()) !== undefined;
  }

  return {
    // The run id makes a repetition get the same incarnation: a lost answer must not burn a number that tickets are compared by.
    async beginLane({ lane }) {
      requireOwnRun(laneId(lane));
      const found = await records.lanes.begin(lane, thisRun());
      const all = await closuresOf(deps, lane, now());
      const closures = newestOf(all);
      const moreClosures = all.length - closures.length;
      return { ...found, waiting: askedAnew(found.waiting), closures, ...(moreClosures > 0 && { moreClosures }) };
    },

    async recordLane({ lane, incarnation, sequence, closures: said, ...memory }) {
      requireOwnRun(laneId(lane));
      if (await isRefused(lane, memory.holder, { incarnation, sequence })) return { written: false };
      const written = await records.lanes.remember(lane, memory, { incarnation, sequence, runId: thisRun() });
      if (!written) return { written };
      says(grantOf(memory));
      const holds = await toldOtherwise(records, lane, said);
      return { written, ...(holds.length > 0 && { holds }) };
    },

    async lookAtHolder({ releaseId }) {
      const seen = await lookFor(releaseId);
      const lifted = !seen.open && (await isHoldLifted(deps, releaseId, now()));
      return { ...seen, ...(lifted && { lifted }) };
    },
  };
}

function isOfThisLane(releaseId: string): boolean {
  const lane = laneOfRun(releaseId);
  return lane !== undefined && laneId(lane) === activityInfo().workflowExecution?.workflowId;
}

/** Runs tell the lane of their holds themselves, and some tell what they like: what is on record of their ends is what it is to say. */
async function toldOtherwise(
  { closings }: Pick<Records, 'closings'>,
  lane: LaneKey,
  said: readonly LaneClosure[],
): Promise<Pick<LaneHold, 'by' | 'reason'>[]> {
  if (!said.some(({ kind }) => kind === 'hold')) return [];
  const { holds } = await closings.list(lane);
  const isOther = ({ by, reason }: LaneHold) =>
    said.some((one) => one.kind === 'hold' && one.by === by && one.reason !== reason);
  return holds.filter(isOther).map(({ by, reason }) => ({ by, reason }));
}

/** For the audit: whom the lane has let in, where it says nothing else. A lane that wrote nothing has let in nobody. */
function grantOf({ holder }: Pick<LaneMemory, 'holder'>) {
  return holder ? { holder: holder.member.releaseId, ticket: formatTicket(holder.ticket) } : { holder: 'nobody' };
}

function isSame({ member, ticket }: LaneHolder, other: LaneHolder | undefined): boolean {
  return other?.member.releaseId === member.releaseId && isSameTicket(ticket, other.ticket);
}

function thisRun(): string {
  return activityInfo().workflowExecution?.runId ?? '';
}
