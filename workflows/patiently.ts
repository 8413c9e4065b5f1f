import { condition, isCancellation } from '@temporalio/workflow';
import type { OnInconclusive } from '../domain/contract/release.ts';
import type { FailureDetails } from '../domain/errors/failure.ts';
import { afterPatience, canBeMended } from '../domain/failure-course.ts';
import { failureOf } from './failures.ts';
import { tellPeople } from './phases/tell-people.ts';
import type { Run } from './run.ts';

export interface Patience {
  /** Told of each try that failed. */
  onStuck?: (failure: FailureDetails) => void;
  /** What follows when a look tells nothing. Default: hold. */
  onInconclusive?: OnInconclusive;
}

/** Pauses before a person is told (ms); afterwards it is tried again at the last pace, for as long as the run may be held. */
const pauses = [20_000, 60_000, 120_000];
const heldPace = 300_000;

/**
 * Does a step. What stops it and is not the release's own fault (rights, keys, a cluster or registry that is away, a look that told nothing) is
 * tried again for a few minutes; then the run is held and people are told, and it is still tried again, until it succeeds, a person says
 * `retry` (then at once) or decides otherwise, or the time of a held run is over. Goes on where it was: at this very step.
 */
export async function patiently<T>(
  run: Run,
  name: string,
  step: () => Promise<T>,
  { onStuck = () => {}, onInconclusive = 'hold' }: Patience = {},
): Promise<T> {
  const began = Date.now();
  for (let tries = 0; ; tries += 1) {
    try {
      const done = await step();
      letGo(run, name);
      return done;
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = failureOf(error);
      if (!canBeMended(failure) || run.failing) throw error;
      onStuck(failure);
      const quick = pauses[tries];
      if (quick === undefined && afterPatience(failure, onInconclusive) === 'throw') throw error;
      if (quick === undefined && !(await mayHold(run, name, failure, began))) throw error;
      if (quick !== undefined) run.say(`${name}: ${failure.title}; tried again in ${quick / 1_000} s`);
      if (!(await pause(run, quick ?? heldPace, name))) throw error;
    }
  }
}

/** False when nobody is waited for (any more). */
async function mayHold(run: Run, name: string, failure: FailureDetails, began: number): Promise<boolean> {
  const until = began + run.holdMs;
  if (Date.now() >= until) {
    run.state.gaveUp = true;
    letGo(run, name);
    return false;
  }
  const isNew = !(name in run.state.held);
  run.state.held[name] = `${failure.title}: ${failure.detail}`.slice(0, 500);
  if (isNew) await hold(run, name, failure, until);
  return true;
}

async function hold(run: Run, name: string, failure: FailureDetails, until: number): Promise<void> {
  const { service, environment } = run.state.request;
  run.status.failure = failure;
  run.enter('held', `${name}: ${failure.title}; tried again every ${heldPace / 60_000} min`, {
    what: `${name}, or a decision: retry, ${run.state.touched ? 'roll back, accept the failure' : 'abort'}`,
    who: run.deciders,
    until,
  });
  await tellPeople(run, 'tell people that the run is held', {
    key: `${run.id}/held/${name}`,
    level: 'problem',
    title: `${service} → ${environment}: held at ${name}: ${failure.title}`,
    facts: { release: run.id, detail: failure.detail.slice(0, 500), next: failure.next },
  });
}

/** The run is where it was before, once nothing of it is held any more. */
function letGo(run: Run, name: string): void {
  if (!(name in run.state.held)) return;
  delete run.state.held[name];
  if (Object.keys(run.state.held).length > 0 || run.status.stage !== 'held') return;
  delete run.status.failure;
  const before = run.status.timings.findLast(({ stage }) => stage !== 'held')?.stage;
  run.enter(before ?? 'joining', `${name}: goes on`);
}

/** False when a person has accepted the failure meanwhile. */
async function pause(run: Run, ms: number, name: string): Promise<boolean> {
  const said = (kind: string) => run.state.decisions.filter(({ decision }) => decision.kind === kind).length;
  const [retries, accepted] = [said('retry'), said('accept-failure')];
  await condition(() => said('retry') > retries || said('accept-failure') > accepted || run.failing, ms, {
    summary: `before ${name} is tried again`,
  });
  if (said('accept-failure') === accepted) return true;
  run.state.gaveUp = true;
  letGo(run, name);
  return false;
}
