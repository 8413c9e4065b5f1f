import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import type { LaneAnswer, LaneMember, SignedLaneOrder } from '../domain/contract/lane.ts';
import { orderOfRollback } from '../domain/contract/names.ts';
import type { LaneKey } from '../domain/contract/names.ts';
import type { LaneStatus } from '../domain/contract/status.ts';
import { laneStatus, newLane, stepLane } from '../domain/lane.ts';
import type { LaneEvent, LaneState } from '../domain/lane.ts';
import { refuseOrder } from '../domain/lane-order.ts';
import { compareTickets } from '../domain/ticket.ts';
import {
  claimLaneSignal,
  joinLaneSignal,
  laneAnswerSignal,
  laneStatusQuery,
  leaveLaneSignal,
  orderLaneUpdate,
} from './messages.ts';
import { refusal } from './failures.ts';
import { changing, local, looking } from './steps.ts';

export interface LaneInput {
  lane: LaneKey;
  /** What the run before this one knew, when the lane continued as new. */
  carried?: LaneState;
}

/** How long a holder may be silent before somebody looks whether it is still there, ms. Doubles while it is. */
const firstLook = 60_000;
const longestLook = 900_000;

// A lane lives longer than any version of the engine: it moves to the current one by itself, and its changes are patched.
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, environmentLane);

/** The single writer of one service in one environment: hands out tickets, one holder at a time, for as long as the environment exists. */
export async function environmentLane({ lane, carried }: LaneInput): Promise<void> {
  const inbox: LaneEvent[] = [];
  let received = 0;
  let handled = 0;
  let state = carried ?? newLane(0);

  const receive = (event: LaneEvent): number => {
    inbox.push(event);
    return ++received;
  };
  const receiveAndWait = async (event: LaneEvent): Promise<LaneStatus> => {
    const mine = receive(event);
    await condition(() => handled >= mine);
    return laneStatus(state);
  };
  /** Whoever can reach Temporal can send this: only what the gateway has signed is obeyed. */
  const obey = async (signed: SignedLaneOrder): Promise<LaneStatus> => {
    if (!(await local.verifyOrder(signed))) throw refusal('its signature does not hold');
    return receiveAndWait({ kind: 'order', order: signed.order });
  };
  setHandler(joinLaneSignal, (member) => void receive({ kind: 'join', member: asNamed(member) }));
  setHandler(
    claimLaneSignal,
    (member, had) => void receive({ kind: 'claim', member: asNamed(member), ...(had && { had }) }),
  );
  setHandler(
    leaveLaneSignal,
    ({ releaseId, disposition }) =>
      void receive(
        disposition === 'step-back' ? { kind: 'step-back', releaseId } : { kind: 'leave', releaseId, disposition },
      ),
  );
  setHandler(orderLaneUpdate, (signed) => obey(signed), {
    validator: (signed: unknown) => {
      const refused = refuseOrder(signed, lane);
      if (refused !== undefined) throw refusal(refused);
    },
    description: 'What a person has ordered, signed: freeze, unfreeze, clear-hold',
  });
  setHandler(laneStatusQuery, () => laneStatus(state), { description: 'Holder, queue, hold and freeze' });

  if (!carried) {
    // Closed until the records have been read: a lane that was ended by hand must not forget a hold, or who was writing.
    const known = await looking.engine.beginLane.executeWithOptions(
      { summary: 'read holds, freezes and the last holder' },
      [{ lane }],
    );
    state = newLane(known.incarnation, known);
  }
  const handle = async (event: LaneEvent): Promise<void> => {
    const before = state;
    const { state: after, answers } = stepLane(before, event, Date.now());
    state = after;
    await remember(lane, before, after);
    for (const { releaseId, answer } of answers) {
      if (await tell(releaseId, answer)) continue;
      // Who never heard of its grant has done nothing with it.
      receive(
        answer.kind === 'granted' && isSaidAgain(answer, before)
          ? { kind: 'holder-gone', releaseId }
          : { kind: 'leave', releaseId, disposition: { kind: 'free' } },
      );
    }
    setCurrentDetails(describe(lane, state));
  };

  let patience = firstLook;
  for (;;) {
    const idle = () => inbox.length === 0;
    if (idle() && workflowInfo().continueAsNewSuggested) {
      // An order whose signature is still being checked comes to the inbox later, and then wants this loop.
      await condition(() => !idle() || allHandlersFinished());
      if (idle()) await continueAsNew<typeof environmentLane>({ lane, carried: state });
    }
    const holder = state.holder?.member.releaseId;
    const heard = holder
      ? await condition(() => !idle(), patience, { summary: `look whether ${holder} is still there` })
      : await condition(() => !idle()).then(() => true);
    if (heard) {
      patience = firstLook;
    } else if (holder) {
      patience = Math.min(patience * 2, longestLook);
      const { open } = await looking.engine.lookAtHolder.executeWithOptions({ summary: `is ${holder} still there?` }, [
        { releaseId: holder },
      ]);
      if (!open) receive({ kind: 'holder-gone', releaseId: holder });
    }
    for (let event = inbox.shift(); event; event = inbox.shift()) {
      await handle(event);
      handled += 1;
    }
  }
}

/** Rollbacks pass holds and freezes, so that what a member says it is counts for nothing: its id does. */
function asNamed(member: LaneMember): LaneMember {
  return { ...member, kind: orderOfRollback(member.releaseId) === undefined ? 'release' : 'rollback' };
}

function isSaidAgain({ ticket }: LaneAnswer & { kind: 'granted' }, { holder }: LaneState): boolean {
  return holder !== undefined && compareTickets(holder.ticket, ticket) === 0;
}

/** What must outlive this workflow is written before anybody is told. */
async function remember(lane: LaneKey, before: LaneState, after: LaneState): Promise<void> {
  const changes = {
    ...(before.hold !== after.hold && { hold: after.hold ?? null }),
    ...(before.freeze !== after.freeze && { freeze: after.freeze ?? null }),
    ...(before.holder !== after.holder && { holder: after.holder ?? null }),
  };
  if (Object.keys(changes).length === 0) return;
  const what = Object.entries(changes).map(([name, value]) => (value ? name : `no ${name}`));
  await changing.engine.recordLane.executeWithOptions({ summary: `record: ${what.join(', ')}` }, [
    { lane, ...changes },
  ]);
}

/** False when the run is not there any more. */
async function tell(releaseId: string, answer: LaneAnswer): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(releaseId).signal(laneAnswerSignal, answer);
    return true;
  } catch (error) {
    log.warn('a run that waited for the lane is gone', { releaseId, error: String(error) });
    return false;
  }
}

function describe({ service, environment }: LaneKey, state: LaneState): string {
  const { holder, hold, freeze, queue } = state;
  return [
    `**Lane of ${service} in ${environment}**`,
    holder ? `Held by \`${holder.member.releaseId}\`` : 'Nobody holds it',
    ...(hold ? [`**On hold**: ${hold.reason} (${hold.by})`] : []),
    ...(freeze ? [`**Frozen** by ${freeze.by}: ${freeze.reason}`] : []),
    ...queue.map((w) => `- \`${w.member.releaseId}\` ${w.claiming ? `waits: ${w.told ?? ''}` : 'has a place'}`),
  ].join('\n\n');
}
