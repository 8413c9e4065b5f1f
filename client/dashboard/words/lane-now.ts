import { orderOfRollback, commitOfRelease } from '../../../domain/contract/names.ts';
import type { LaneView, ReleaseRow, RunState } from '../../../domain/contract/gateway.ts';
import type { Ticket } from '../../../domain/contract/release.ts';
import type { LaneClosure, MemberKind } from '../../../domain/contract/lane.ts';
import { isInForce } from '../../../domain/lane-closures.ts';
import { inTurn, isLetIn } from '../../../domain/lane-turns.ts';
import { memberKindOf } from '../../../domain/run-kinds.ts';
import { visible } from '../../../domain/visible.ts';
import { isLookedAtAgain } from './waits.ts';

/** A run that has a place. What the records alone say of it is its id. */
export interface Queued {
  releaseId: string;
  /** It has claimed the lane, and waits for it. */
  isClaiming: boolean;
  joinedAt?: number;
}

/** What a lane view says, whoever says it: the lane and the records, or the records alone. */
export interface LaneNow {
  /** Whether the lane itself has said how it stands. */
  isSeen: boolean;
  holder?: { releaseId: string; since: number };
  /** What keeps new runs out now: holds first, then what is oldest. */
  closures: LaneClosure[];
  /** What has not begun. */
  later: LaneClosure[];
  queue: Queued[];
}

export function laneNow({ status, unseen }: LaneView, now: number): LaneNow {
  const { holder, closures = [], waiting = [] } = unseen?.recorded ?? {};
  if (status)
    return {
      isSeen: true,
      ...(status.holder && { holder: status.holder }),
      ...closedBy(status.closures, now),
      queue: status.queue.map(({ releaseId, claiming, joinedAt }) => ({ releaseId, isClaiming: claiming, joinedAt })),
    };
  return {
    isSeen: unseen === undefined,
    ...(holder && { holder: { releaseId: holder.member.releaseId, since: holder.since } }),
    ...closedBy(closures, now),
    queue: waiting.map((releaseId) => ({ releaseId, isClaiming: true })),
  };
}

export function closedBy(closures: readonly LaneClosure[], now: number): Pick<LaneNow, 'closures' | 'later'> {
  const first = ({ kind, from }: LaneClosure) => (kind === 'hold' ? 0 : 1e15) + from;
  return {
    closures: closures.filter((one) => isInForce(one, now)).sort((one, other) => first(one) - first(other)),
    later: closures.filter(({ from }) => from > now),
  };
}

/** Those who have claimed the lane, in the order in which it lets them in. */
export function claimersOf({ queue, closures }: Pick<LaneNow, 'queue' | 'closures'>): Queued[] {
  const claimers = queue.filter(({ isClaiming }) => isClaiming);
  return inTurn(claimers, ({ releaseId }) => memberOf(releaseId), closures);
}

/** Whether none of what closes the lane keeps this run out. */
export function isLetPast(releaseId: string, closures: readonly LaneClosure[]): boolean {
  return isLetIn(memberOf(releaseId), closures);
}

function memberOf(releaseId: string): { releaseId: string; kind: MemberKind } {
  return { releaseId, kind: memberKindOf(releaseId) };
}

/** How whoever is in stands: as it says itself, where somebody has heard it. */
export type Inside = Pick<RunState, 'stage' | 'waitingFor'>;

export function insideOf(
  { holder }: { holder?: { releaseId: string } | undefined },
  runs: readonly Pick<ReleaseRow, 'releaseId' | 'state'>[],
): RunState | undefined {
  return holder && runs.find(({ releaseId }) => releaseId === holder.releaseId)?.state;
}

/** `held, and waits for a decision`, or what it does until there is one: of one that writes now, or of which nobody says how it stands, nothing. */
export function heldInWords(inside: Inside | undefined): string | undefined {
  if (inside?.stage !== 'held') return undefined;
  const { decisions = [] } = inside.waitingFor ?? {};
  if (isLookedAtAgain(decisions)) return 'held, and looked at again from time to time until somebody decides';
  return decisions.length > 0 ? 'held, and waits for a decision' : 'held';
}

export function lastTurnInWords({ incarnation, n }: Ticket): string {
  return n === 0 ? 'no ticket is given out yet' : `no ticket above ${incarnation}.${n} is given out yet`;
}

export const whatTicketsAre =
  'Each turn to change something here has a ticket, which stands on what it changes: whoever comes with an older one is refused. Before the point: how often the lane was begun; behind it: a number that only grows.';

/** By what people know a run from its id alone. */
export function runInWords(releaseId: string): string {
  const commit = commitOfRelease(releaseId);
  if (commit !== undefined) return `release ${visible(commit.slice(0, 7))}`;
  return orderOfRollback(releaseId) === undefined ? visible(releaseId) : 'a rollback';
}
