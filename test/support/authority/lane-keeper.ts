import { laneId } from '../../../domain/contract/names.ts';
import type { LaneClosure } from '../../../domain/contract/lane.ts';
import type { Ticket } from '../../../domain/contract/release.ts';
import { aMember } from '../../domain/builders.ts';
import type { Lane } from './ground.ts';
import { nameOf } from './ground.ts';
import type { AuthorityWorld } from './world.ts';

/** How somebody who runs a workflow under the id of a lane writes otherwise than a lane would. */
export interface LaneLies {
  /** It is another of Temporal's runs than the one before: the lane was terminated. */
  again?: boolean;
  /** It is an earlier one, which has been ended. */
  late?: boolean;
  ticket?: Partial<Ticket>;
  sequence?: number;
  id?: string;
  /** What it says of what closes it. */
  closures?: LaneClosure[];
}

export type LaneKeeper = ReturnType<typeof createLaneKeeper>;

/** Writes of lanes, by whoever runs under their ids. */
export function createLaneKeeper({ schedule, records, isOpen }: AuthorityWorld) {
  const laneRuns = new Map<string, number>();
  const callerOf = (lane: Lane, { again, late, id }: LaneLies = {}) => {
    const nth = (laneRuns.get(nameOf(lane)) ?? 1) + (again ? 1 : 0);
    laneRuns.set(nameOf(lane), nth);
    const runId = `lane-${late ? Math.max(1, nth - 1) : nth}`;
    return { workflowId: id ?? laneId(lane), runId, type: 'environmentLane' };
  };

  async function write(lane: Lane, holder: string | undefined, lies: LaneLies = {}): Promise<boolean> {
    const caller = callerOf(lane, lies);
    const begun = (await schedule(caller, 'beginLane', { lane }, 'production')) as
      { incarnation: number; sequence: number } | undefined;
    const { incarnation = 1, sequence: last = 0 } = begun ?? {};
    const sequence = lies.sequence ?? last + 1;
    const ticket = { incarnation, n: sequence, ...lies.ticket };
    const member = aMember(holder ?? '', { kind: 'rollback' });
    const written = await schedule(
      caller,
      'recordLane',
      {
        lane,
        incarnation,
        sequence,
        waiting: [],
        closures: lies.closures ?? [],
        ...(holder !== undefined && { holder: { member, ticket, since: 0 } }),
      },
      'production',
    );
    return (written as { written: boolean } | undefined)?.written ?? false;
  }

  return {
    write,
    /** Waits for whoever is at work there. */
    async letIn(lane: Lane, run: string): Promise<boolean> {
      const before = await records.lanes.holder(lane);
      if (before && before.member.releaseId !== run && isOpen(before.member.releaseId)) return false;
      return write(lane, run);
    },
    /** Looks whether whom it has let in is still there, and lets go of who is not. */
    async look(lane: Lane): Promise<void> {
      const holder = await records.lanes.holder(lane);
      if (!holder) return;
      const { releaseId } = holder.member;
      const found = (await schedule(callerOf(lane), 'lookAtHolder', { releaseId }, 'production')) as
        { open: boolean } | undefined;
      if (found?.open === false) await write(lane, undefined);
    },
  };
}
