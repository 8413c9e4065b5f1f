import { getExternalWorkflowHandle, log, isCancellation, setHandler } from '@temporalio/workflow';
import type { LaneDisposition, LaneMember } from '../../domain/contract/lane.ts';
import { laneId } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { holdReason } from '../../domain/hold-reason.ts';
import { laneDisposition } from '../../domain/outcomes.ts';
import { readAnswer } from '../../domain/lane-messages.ts';
import { memberKindOf } from '../../domain/run-kinds.ts';
import { compareTickets } from '../../domain/ticket.ts';
import { firstSentence } from '../../domain/whole-text.ts';
import { claimLaneSignal, laneAnswerSignal, leaveLaneSignal } from '../messages.ts';
import { waitFor } from '../checkpoint.ts';
import { Ended } from '../ended.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';

const firstPatience = 60_000;
const longestPatience = 3_600_000;

/** Takes a place in the environment's lane. Nothing is held yet: others may still go first. */
export async function joinLane(run: Run): Promise<void> {
  const { state } = run;
  setHandler(laneAnswerSignal, (said: unknown) => {
    const answer = readAnswer(said);
    if (!answer) return log.warn('an answer of no lane was dropped');
    // A grant said twice may arrive after the lane was given back.
    if (answer.kind === 'granted' && isNews(answer.ticket, state.lastTicket))
      state.ticket = state.lastTicket = answer.ticket;
    if (answer.kind === 'waiting') state.laneReason = answer.reason;
    if (answer.kind === 'ask-again') run.laneAsks = true;
    if (answer.kind === 'superseded')
      run.stop(new Ended('superseded', `${answer.by} goes instead; this release was not verified`));
  });
  if (state.joined) return;
  state.joined = true;
  await changing.engine.joinLane.executeWithOptions({ summary: 'take a place in the lane' }, [
    { lane: laneOf(run), member: memberOf(run) },
  ]);
}

/** Asks to be the single writer, and waits until the lane says so. */
export async function claimLane(run: Run): Promise<void> {
  const { state } = run;
  if (state.ticket) return;
  const had = state.lastTicket;
  delete state.laneReason;
  run.laneAsks = false;
  run.enter('awaiting-lane', 'asking for the lane', { what: 'the lane', who: laneId(state.request) });
  await tellLane(run, had);
  let patience = firstPatience;
  let told: string | undefined;
  for (;;) {
    const until = Date.now() + patience;
    const heard = await waitFor(run, () => hasTicket(run) || state.laneReason !== told || run.laneAsks, {
      until,
      summary: 'wait for the lane',
    });
    if (hasTicket(run)) break;
    if (state.laneReason !== told) {
      told = state.laneReason;
      // The lane itself is asked for the rest of it: a hold may have many sentences.
      const why = firstSentence(told ?? '');
      run.enter('awaiting-lane', `waiting for the lane: ${why}`, {
        what: `the lane: ${why}`,
        who: laneId(state.request),
      });
    }
    // A grant may have been lost with a lane that was terminated: asking again is always safe.
    if (!heard) patience = Math.min(patience * 2, longestPatience);
    if (!heard || run.laneAsks) {
      run.laneAsks = false;
      await tellLane(run, had);
    }
  }
  run.enter('awaiting-lane', 'has the lane');
}

function hasTicket({ state }: Run): boolean {
  return state.ticket !== undefined;
}

/** While the lane is held its ticket is said again as often as it is asked for; once it was given back, only a newer one counts. */
function isNews(ticket: Ticket, given: Ticket | undefined): boolean {
  return given === undefined || compareTickets(ticket, given) > 0;
}

/** Gives the lane back but keeps the place, because the plan must be approved again. */
export async function stepBack(run: Run): Promise<void> {
  delete run.state.ticket;
  await sendLeave(run, 'step-back');
}

/** The last thing a run does. Whoever may have changed something says so when it leaves, also when it does not hold the lane any more. */
export async function leaveLane(run: Run, result: ReleaseResult): Promise<void> {
  // By the outcome as recorded: a run that was reset may not know that it holds the lane, or what it has changed.
  const { outcome, summary } = result;
  // What was changed the records know: the lane takes the words of the hold from there.
  const reason = holdReason({ releaseId: run.id, outcome, summary });
  const disposition: LaneDisposition = laneDisposition(outcome, reason);
  if (!run.state.joined && disposition.kind === 'free') return;
  try {
    await sendLeave(run, disposition);
  } catch (error) {
    // The outcome is on record already, and the lane goes by it when it finds this run gone.
    run.say(`the lane could not be told that the run has left it: ${String(error)}`);
  }
}

async function sendLeave(run: Run, disposition: LaneDisposition | 'step-back'): Promise<void> {
  const lane = getExternalWorkflowHandle(laneId(run.state.request));
  await send(run, () => lane.signal(leaveLaneSignal, { releaseId: run.id, disposition }));
}

async function tellLane(run: Run, had: Ticket | undefined): Promise<void> {
  const args: [LaneMember, Ticket?] = had ? [memberOf(run), had] : [memberOf(run)];
  const lane = getExternalWorkflowHandle(laneId(run.state.request));
  await send(run, () => lane.signal(claimLaneSignal, ...args));
}

async function send(run: Run, signal: () => Promise<void>): Promise<void> {
  try {
    await signal();
  } catch (error) {
    if (isCancellation(error)) throw error;
    // The lane was ended by hand: join starts a new one, which reads the records, and asks those who wait, before it grants anything.
    await changing.engine.joinLane({ lane: laneOf(run), member: memberOf(run) });
    await signal();
  }
}

/** The two names alone: the request holds more than a lane needs to know, and would be stored again with each joining. */
function laneOf({
  state: {
    request: { service, environment },
  },
}: Run): LaneKey {
  return { service, environment };
}

function memberOf(run: Run): LaneMember {
  return {
    releaseId: run.id,
    kind: memberKindOf(run.id),
    commit: run.state.request.commit,
    queue: run.state.read?.queue ?? 'fifo',
    joinedAt: run.state.request.requestedAt,
  };
}
