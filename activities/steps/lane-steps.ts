import { activityInfo } from '@temporalio/activity';
import type { Lanes } from '../lanes/port.ts';
import type { Records } from '../records/port.ts';
import type { LaneFence, LaneHolder } from '../../domain/contract/lane.ts';
import { laneId } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { keptOutBy } from '../../domain/lane-closures.ts';
import { compareTickets, isNextTicket } from '../../domain/ticket.ts';
import { closuresOf } from './lane-closings.ts';
import { concludeLost } from './lost-runs.ts';
import { requireOwnRun } from './release-record.ts';
import type { Verifier } from '../shared/signatures.ts';
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

  /** A lane that is refused begins anew, and finds what it did not know. */
  async function isKeptOut(lane: LaneKey, holder: LaneHolder | undefined, fence: LaneFence): Promise<boolean> {
    const before = await records.lanes.holder(lane);
    if (!holder || isSame(holder, before)) return false;
    if (!isNextTicket(holder.ticket, fence)) return true;
    return keptOutBy(await closuresOf(deps, lane, now()), holder.member, now()) !== undefined;
  }

  return {
    // The run id makes a repetition get the same incarnation: a lost answer must not burn a number that tickets are compared by.
    async beginLane({ lane }) {
      requireOwnRun(laneId(lane));
      const found = await records.lanes.begin(lane, thisRun());
      return { ...found, closures: await closuresOf(deps, lane, now()) };
    },

    async recordLane({ lane, incarnation, sequence, closures: _said, ...memory }) {
      requireOwnRun(laneId(lane));
      if (await isKeptOut(lane, memory.holder, { incarnation, sequence })) return { written: false };
      const written = await records.lanes.remember(lane, memory, { incarnation, sequence, runId: thisRun() });
      return { written };
    },

    async lookAtHolder({ releaseId }) {
      const { open } = await lanes.look(releaseId);
      if (open) return { open };
      const outcome = await concludeLost({ records, verifier }, releaseId, now());
      return { open, ...(outcome !== undefined && { outcome }) };
    },
  };
}

function isSame({ member, ticket }: LaneHolder, other: LaneHolder | undefined): boolean {
  return other?.member.releaseId === member.releaseId && compareTickets(ticket, other.ticket) === 0;
}

function thisRun(): string {
  return activityInfo().workflowExecution?.runId ?? '';
}
