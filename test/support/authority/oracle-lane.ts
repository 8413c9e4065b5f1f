import type { Effect, Heard } from './events.ts';
import { nameOf } from './ground.ts';
import type { Lane } from './ground.ts';
import type { Ledger } from './ledger.ts';

/** How far the clocks of those who compare may be apart: what ends within a moment has ended. */
const mostSkewMs = 10_000;

/** Who may be in a lane, and what keeps others out. */
export function rulesOfLane(ledger: Ledger) {
  const { all, asked, end, began, changes, deeds, grantsOf, heldSince, policy } = ledger;

  const isRollback = (run: string) => run.startsWith('rollback/');
  const laneOf = (run: string) => run.split('/').slice(1, 3).join('/');

  /** Freezes by people, and holds by the ends of runs, that were there before `since` and are not lifted. */
  function closed(lane: Lane, since: number, now: number): string | undefined {
    const frozen = all('frozen').find(
      (event) =>
        event.n < since &&
        nameOf(event.lane) === nameOf(lane) &&
        (event.until ?? Infinity) > now &&
        !all('thawed').some(({ n, lifts }) => lifts === event.id && n > event.n),
    );
    if (frozen) return `${nameOf(lane)} was frozen`;
    const held = deeds('ended').find((one) => one.n < since && laneOf(one.run) === nameOf(lane) && leavesHold(one));
    return held && `${held.run} had left a hold`;
  }
  /** It had changed something, and nobody has cleared what it left. */
  function leavesHold({ run, outcome, n }: Heard<Effect<'ended'>>): boolean {
    if (!['halted', 'rolled-back'].includes(outcome) || began(run) > n) return false;
    return !all('cleared').some((event) => event.of === run && event.n > n);
  }

  /** Whom a lane lets in: one at a time, nobody past what closes it, and by a ticket that is its own. */
  function refuseGrant({ by, lane, run, ticket, write }: Effect<'let-in'>, now: number): string | undefined {
    if (by.workflowId !== `lane/${nameOf(lane)}`) return `${by.workflowId} is not that lane`;
    const before = grantsOf(lane).at(-1);
    // A run of another lane changes nothing here, whoever has written it in: its end is not this lane's to wait for.
    const last = before?.run !== undefined && laneOf(before.run) === nameOf(lane) ? before.run : undefined;
    if (last !== undefined && last !== run && began(last) < Infinity && !end(last))
      return `${last} has changed something, and has not ended`;
    if (run === undefined) return undefined;
    if (ticket.incarnation !== write.incarnation || ticket.n > write.n || ticket.n < 1)
      return 'no lane has that ticket';
    const isHeldOn = before?.run === run && before.ticket.n === ticket.n;
    return isHeldOn || isRollback(run) ? undefined : closed(lane, Infinity, now + mostSkewMs);
  }

  /** It is the one that was let in last, by right. The way back is never closed to what has begun. */
  function outOfLane(run: string, lane: Lane, { now, isBack }: { now: number; isBack: boolean }): string | undefined {
    const since = heldSince(run, lane);
    if (since === Infinity) return `${run} does not hold the lane`;
    const isOpen = isRollback(run) || (isBack && began(run) < Infinity);
    return isOpen ? undefined : closed(lane, since, now + mostSkewMs);
  }

  /** Of all that Temporal has run under this id, it is the one that has begun, or goes on for it. */
  function isAnother({ workflowId, runId }: Effect['by']): boolean {
    const first = changes().find(({ by }) => by.workflowId === workflowId)?.by.runId;
    if (first === undefined) return false;
    const reached = new Set([first]);
    for (const { run, from, to } of all('continued')) if (run === workflowId && reached.has(from)) reached.add(to);
    return !reached.has(runId);
  }

  /** What every run must be that changes something in a lane. */
  function refuseRun({ by, worker, what }: Effect, lane: Lane, now: number): string | undefined {
    const run = by.workflowId;
    const type = asked(run) ? 'deployRelease' : 'rollBackRelease';
    if (by.type !== type) return `${by.type} is no ${type}`;
    if (laneOf(run) !== nameOf(lane)) return `${run} is not of that lane`;
    if (isAnother(by)) return `${run} goes on in another of Temporal's runs`;
    if (end(run)) return `${run} has ended`;
    if (worker !== undefined && worker !== lane.environment) return 'the worker serves another environment';
    if (lane.service === 'shop' && !policy().shop) return 'the policy does not let the shop in';
    return outOfLane(run, lane, { now, isBack: what === 'put-back' });
  }

  return { refuseGrant, refuseRun };
}
