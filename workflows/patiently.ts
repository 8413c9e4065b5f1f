import { condition, isCancellation } from '@temporalio/workflow';
import type { DecisionKind } from '../domain/contract/decisions.ts';
import type { OnInconclusive } from '../domain/contract/release.ts';
import { asHeldFor } from '../domain/errors/end-it-first.ts';
import type { FailureDetails } from '../domain/errors/failure.ts';
import { afterPatience, canBeMended, isUndoneByOthers, isUnseen } from '../domain/failure-course.ts';
import { fails } from './failing.ts';
import { failureOf } from './failures.ts';
import { hold, letGo, wasHeld } from './held.ts';
import { isLeft, resting } from './resting.ts';
import type { Run } from './run.ts';
import { isFirst, leaveQueue, waitForFirst } from './stopped-together.ts';
import { ordersHeard } from './written.ts';

export interface Patience {
  /** Where the step acts: what stops one step there stops the others too. */
  where?: string;
  /** Told of each try that failed. */
  onStuck?: (failure: FailureDetails) => void;
  /** What follows when a look tells nothing. Default: hold. */
  onInconclusive?: OnInconclusive;
}

/** Pauses before a person is told (ms); afterwards it is tried again more and more rarely, for as long as the run may be held. */
const pauses = [20_000, 60_000, 120_000];
const heldPace = { firstMs: 300_000, longestMs: 1_800_000 };

/**
 * Does a step. What stops it and is not the release's own fault (rights, keys, a cluster or registry that is away, a look that told nothing) is
 * tried again for a few minutes; then the run is held and people are told, and it is still tried again, until it succeeds, a person says
 * `retry` (then at once) or decides otherwise, or the time of a held run is over. Goes on where it was: at this very step. Of many steps
 * that the same thing stops in the same place one tries, and the others wait for it: a history must not grow with the size of a shop. A step
 * that was held before the run moved to a newer engine is tried at once, and held on until the same time. What others have undone is for a person
 * at once: no minutes mend it.
 */
export async function patiently<T>(
  run: Run,
  name: string,
  step: () => Promise<T>,
  patience: Patience = {},
): Promise<T> {
  let stuck: string | undefined;
  let since: number | undefined;
  run.patient += 1;
  run.heldBefore.delete(name);
  try {
    for (let tries = wasHeld(run, name) ? pauses.length : 0; ; tries += 1) {
      // A person may decide while a try is under way, too.
      const heard = decisionsOf(run);
      try {
        return await step();
      } catch (error) {
        if (isCancellation(error)) throw error;
        const failure = failureOf(error);
        if (!canBeMended(failure) || run.failing) throw error;
        patience.onStuck?.(failure);
        if (isUndoneByOthers(failure)) tries = Math.max(tries, pauses.length);
        leaveQueue(run, stuck, name);
        stuck = `${patience.where ?? ''} ${failure.code}`;
        const goesOn = isFirst(run, stuck, name)
          ? await tryLater(
              run,
              { name, failure, tries, heard, since: (since ??= run.state.held[name]?.since ?? Date.now()) },
              patience,
            )
          : await waitForFirst(run, name, stuck);
        if (!goesOn) throw error;
      }
    }
  } finally {
    run.patient -= 1;
    leaveQueue(run, stuck, name);
    fails(run, name);
    letGo(run, name);
  }
}

interface Tried {
  name: string;
  failure: FailureDetails;
  /** How often it was tried before. */
  tries: number;
  /** What people had decided when the try began. */
  heard: Heard;
  /** When it first failed, ms. */
  since: number;
}

/** False when it is given up. */
async function tryLater(
  run: Run,
  { name, failure, tries, heard, since }: Tried,
  { onInconclusive = 'hold' }: Patience,
): Promise<boolean> {
  const quick = pauses[tries];
  if (quick !== undefined) {
    const again = isUnseen(failure) ? 'it asks again' : 'tried again';
    run.say(`${name}: ${failure.title}; ${again} in ${quick / 1_000} s`);
    fails(run, name, { failure, since, triedAgainAt: Date.now() + quick });
    return pause(run, name, quick, heard);
  }
  if (afterPatience(failure, onInconclusive) === 'throw') return false;
  const shown = asHeldFor(failure);
  const held = hold(run, name, { failure: shown, retries: heard.retries });
  const heldUntil = held.since + run.holdMs;
  const left = heldUntil - Date.now();
  if (left <= 0) {
    run.state.gaveUp = true;
    return false;
  }
  const pace = Math.min(heldPace.firstMs * 2 ** (tries - pauses.length), heldPace.longestMs);
  fails(run, name, { failure: shown, since, triedAgainAt: Date.now() + Math.min(pace, left), heldUntil });
  return resting(run, () => pause(run, name, Math.min(pace, left), heard));
}

interface Heard {
  retries: number;
  /** To try again or to go back: what may be done has changed with either. */
  orders: number;
  accepted: number;
}

function decisionsOf(run: Run): Heard {
  const said = (kind: DecisionKind) => run.state.decisions.filter(({ decision }) => decision.kind === kind).length;
  return { retries: said('retry'), orders: ordersHeard(run), accepted: said('accept-failure') };
}

/** False when a person has decided otherwise meanwhile. */
async function pause(run: Run, name: string, ms: number, heard: Heard): Promise<boolean> {
  const isOrdered = () => decisionsOf(run).orders > heard.orders;
  const isAccepted = () => decisionsOf(run).accepted > heard.accepted;
  run.pausing += 1;
  try {
    await condition(() => isOrdered() || isAccepted() || run.failing || isLeft(run), ms, {
      summary: `before ${name} is tried again`,
    });
  } finally {
    run.pausing -= 1;
  }
  if (isAccepted()) run.state.gaveUp = true;
  return !isAccepted() && !isLeft(run);
}
