import { condition, isCancellation } from '@temporalio/workflow';
import type { OnInconclusive } from '../domain/contract/release.ts';
import type { FailureDetails } from '../domain/errors/failure.ts';
import { afterPatience, canBeMended, isUndoneByOthers } from '../domain/failure-course.ts';
import { decisionsAbout, fails } from './failing.ts';
import { failureOf } from './failures.ts';
import { tellPeople } from './phases/tell-people.ts';
import type { Run } from './run.ts';

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

function wasHeld(run: Run, name: string): boolean {
  return name in run.state.held;
}

function leaveQueue(run: Run, stuck: string | undefined, name: string): void {
  if (stuck !== undefined && run.stuck.get(stuck) === name) run.stuck.delete(stuck);
}

function isFirst(run: Run, stuck: string, name: string): boolean {
  const first = wasHeld(run, name) ? name : (run.stuck.get(stuck) ?? name);
  run.stuck.set(stuck, first);
  return first === name;
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
    run.say(`${name}: ${failure.title}; tried again in ${quick / 1_000} s`);
    fails(run, name, { failure, since, triedAgainAt: Date.now() + quick });
    return pause(run, name, quick, heard);
  }
  if (afterPatience(failure, onInconclusive) === 'throw') return false;
  const held = await hold(run, name, failure);
  const heldUntil = held.since + run.holdMs;
  const left = heldUntil - Date.now();
  if (left <= 0) {
    run.state.gaveUp = true;
    return false;
  }
  const pace = Math.min(heldPace.firstMs * 2 ** (tries - pauses.length), heldPace.longestMs);
  fails(run, name, { failure, since, triedAgainAt: Date.now() + Math.min(pace, left), heldUntil });
  return resting(run, () => pause(run, name, Math.min(pace, left), heard));
}

/** Until the first that was stopped by the same has gone on, or has given up. */
async function waitForFirst(run: Run, name: string, stuck: string): Promise<boolean> {
  run.say(`${name} waits for the same as ${run.stuck.get(stuck)}`);
  await resting(run, () => condition(() => !run.stuck.has(stuck) || run.failing || isLeft(run)));
  return !run.state.gaveUp && !isLeft(run);
}

/** Nothing is under way in this step: when that is so of all that are, the run may move (workflows/checkpoint.ts). */
async function resting<T>(run: Run, rest: () => Promise<T>): Promise<T> {
  run.resting += 1;
  try {
    return await rest();
  } finally {
    run.resting -= 1;
  }
}

/** Says that it is held, and since when; people are told once. */
async function hold(run: Run, name: string, failure: FailureDetails): Promise<{ since: number }> {
  const { service, environment } = run.state.request;
  const before = run.state.held[name];
  const since = before?.since ?? Date.now();
  run.status.failure = failure;
  if (!before || run.status.stage !== 'held')
    run.enter('held', `${name}: ${failure.title}; ${whatFollows(failure)}`, {
      what: `${name}, or a decision: ${decisionsAbout(run).join(', ').replaceAll('-', ' ')}`,
      who: run.deciders,
      until: since + run.holdMs,
      decisions: decisionsAbout(run),
    });
  if (before) return before;
  // Told afterwards: whoever hears of it can decide at once.
  const held = (run.state.held[name] = { why: `${failure.title}: ${failure.detail}`.slice(0, 500), since });
  await tellPeople(run, 'tell people that the run is held', {
    key: `${run.id}/held/${name}`,
    level: 'problem',
    title: `${service} → ${environment}: held at ${name}: ${failure.title}`,
    facts: { release: run.id, detail: failure.detail.slice(0, 500), next: failure.next },
  });
  return held;
}

function whatFollows(failure: FailureDetails): string {
  return isUndoneByOthers(failure)
    ? 'looked at from time to time, and put in place again at `retry`'
    : 'tried again from time to time';
}

/** The run is where it was before, once nothing of it is held any more. */
function letGo(run: Run, name: string): void {
  if (!(name in run.state.held)) return;
  delete run.state.held[name];
  if (Object.keys(run.state.held).length > 0 || run.status.stage !== 'held') return;
  if (run.state.concluding) run.status.failure = run.state.concluding.failure;
  else delete run.status.failure;
  const before = run.status.timings.findLast(({ stage }) => stage !== 'held')?.stage;
  run.enter(before ?? 'joining', `${name}: goes on`);
}

interface Heard {
  retries: number;
  accepted: number;
}

function decisionsOf({ state }: Run): Heard {
  const said = (kind: string) => state.decisions.filter(({ decision }) => decision.kind === kind).length;
  return { retries: said('retry'), accepted: said('accept-failure') };
}

/** False when a person has decided otherwise meanwhile. */
async function pause(run: Run, name: string, ms: number, heard: Heard): Promise<boolean> {
  const isRetried = () => decisionsOf(run).retries > heard.retries;
  const isAccepted = () => decisionsOf(run).accepted > heard.accepted;
  run.pausing += 1;
  try {
    await condition(() => isRetried() || isAccepted() || run.failing || isLeft(run), ms, {
      summary: `before ${name} is tried again`,
    });
  } finally {
    run.pausing -= 1;
  }
  if (isAccepted()) run.state.gaveUp = true;
  return !isAccepted() && !isLeft(run);
}

/** A rollback was ordered while a migration waited to be begun, or looked at: nothing of it runs that would have to be waited for. */
function isLeft(run: Run): boolean {
  return run.migrating && run.state.rollbackAsked !== undefined;
}
