import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  patched,
  setWorkflowOptions,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { canonicalJson } from '../domain/canonical.ts';
import type { LaneKey } from '../domain/contract/names.ts';
import type { Millis } from '../domain/contract/release.ts';
import { nextChange, stepLane } from '../domain/lane.ts';
import { dueOf, lookAt, nextLook } from '../domain/lane-look.ts';
import type { HolderLook } from '../domain/lane-look.ts';
import { newestOf } from '../domain/lane-closures.ts';
import { emptyLane, laneStatus, withFewClosures } from '../domain/lane-state.ts';
import type { LaneEvent, LaneState } from '../domain/lane-state.ts';
import { LaneInbox, listen } from './lane/inbox.ts';
import { lookFor, tellAll } from './lane/members.ts';
import { begin, remember } from './lane/memory.ts';
import { show } from './lane/show.ts';
import { refuseHeavy } from './light.ts';

export interface LaneInput {
  lane: LaneKey;
  /** What the run before this one knew, when the lane continued as new. */
  carried?: { state: LaneState; inbox: LaneEvent[]; look?: HolderLook };
}

// A lane lives longer than any version of the engine: it moves to the current one by itself, and its changes are patched.
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, environmentLane);

/**
 * The single writer of one service in one environment: hands out tickets, one holder at a time, for as long as the environment exists.
 * Only a termination ends it: a cancellation does not reach it, and without its records it waits.
 */
export async function environmentLane(input: LaneInput): Promise<void> {
  refuseHeavy([input]);
  await CancellationScope.nonCancellable(() => keepLane(input));
}

async function keepLane({ lane, carried }: LaneInput): Promise<void> {
  const inbox = new LaneInbox(carried?.inbox);
  let state = carried?.state ?? emptyLane(lane);
  let look = carried?.look;
  listen(lane, inbox, () => laneStatus(state));
  if (!carried) state = await begin(lane);
  for (;;) {
    show(state, Date.now());
    look = lookAt(state.holder, look, Date.now());
    if (mayContinueAsNew(inbox))
      await continueAsNew<typeof environmentLane>({
        lane,
        carried: { state, inbox: inbox.rest(), ...(look && { look }) },
      });
    const due = look && dueOf(look, isAwaited(state));
    await somethingToDo(inbox, state, due);
    // By the clock, not by silence: a lane that hears much still finds out that its holder is gone.
    if (look && due !== undefined && state.holder && due <= Date.now()) {
      for (const event of await lookFor(state.holder.member.releaseId)) inbox.put(event);
      look = nextLook(look, Date.now());
    }
    await inbox.hearNext(async (event) => {
      state = await hear(state, event, inbox, (next) => (state = next));
    });
  }
}

/** An order whose signature is still being checked, or that waits to be heard, belongs to this run. */
function mayContinueAsNew(inbox: LaneInbox): boolean {
  return workflowInfo().continueAsNewSuggested && allHandlersFinished() && inbox.hasFew();
}

/** Somebody waits for the holder to leave. Lanes that began before this was looked at go on as they did. */
function isAwaited({ holder, queue }: LaneState): boolean {
  return holder !== undefined && queue.some(({ claiming }) => claiming) && patched('looks-while-awaited');
}

/** `look`: when the holder is to be looked for. */
async function somethingToDo(inbox: LaneInbox, state: LaneState, look: Millis | undefined): Promise<void> {
  const isDue = () => !inbox.isEmpty() || mayContinueAsNew(inbox);
  const now = Date.now();
  const change = nextChange(state, now) ?? Infinity;
  const due = Math.min(change, look ?? Infinity);
  if (isDue() || due <= now) return;
  if (due === Infinity) return condition(isDue);
  const summary =
    due === change ? 'until a freeze ends' : `look whether ${state.holder?.member.releaseId} is still there`;
  await condition(isDue, Math.min(due - now, longestTimer), { summary });
}

/** Twenty days: whatever time a freeze is said to end at, no timer is longer than a server takes. It is set again then. */
const longestTimer = 20 * 86_400_000;

/** Takes one message: on record first, then told. Whoever asks meanwhile is shown what is being written. */
async function hear(
  before: LaneState,
  event: LaneEvent,
  inbox: LaneInbox,
  showing: (state: LaneState) => void,
): Promise<LaneState> {
  for (let state = before; ;) {
    const { state: stepped, answers } = stepLane(state, event, Date.now());
    const after = isTooMuch(stepped) ? withFewClosures(state, stepped) : stepped;
    showing(after);
    const kept = await remember(state, { state: after, answers });
    if (kept) {
      showing(kept.state);
      for (const news of await tellAll(kept.answers, state)) inbox.put(news);
      return kept.state;
    }
    const refused = state;
    state = await begin(state.lane);
    // Nothing new was found: another lane writes to the same records, and it is the newer one.
    if (
      state.incarnation === refused.incarnation &&
      state.sequence <= refused.sequence &&
      !(isClosedAnew(refused, state) && patched('closed-anew'))
    )
      await sleep('1m', { summary: 'the records belong to another lane' });
  }
}

/** Lanes that carried more before this was looked at go on as they did. */
function isTooMuch({ closures }: LaneState): boolean {
  return newestOf(closures).length < closures.length && patched('few-closures');
}

/** An order is on record before the lane hears of it: it may have let in whom it should not, and takes the same message once more. */
function isClosedAnew(before: LaneState, after: LaneState): boolean {
  return canonicalJson(before.closures) !== canonicalJson(after.closures);
}
