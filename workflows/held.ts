import type { DecisionKind } from '../domain/contract/decisions.ts';
import type { Millis } from '../domain/contract/release.ts';
import type { Stage, WaitingFor } from '../domain/contract/status.ts';
import type { FailureDetails } from '../domain/errors/failure.ts';
import { isUndoneByOthers } from '../domain/failure-course.ts';
import { isFor } from '../domain/run-kinds.ts';
import { tellPeople } from './phases/tell-people.ts';
import type { Run } from './run.ts';
import { head } from '../domain/whole-text.ts';

/** Whether this step is held, or was before the run moved to a newer engine. */
export function wasHeld(run: Run, name: string): boolean {
  return name in run.state.held;
}

/** Says that it is held, and since when. People are told once, and again when a try fails that has begun after a `retry` (`retries`: how many before). */
export function hold(
  run: Run,
  name: string,
  { failure, retries }: { failure: FailureDetails; retries: number },
): { since: number } {
  const before = run.state.held[name];
  const since = before?.since ?? Date.now();
  run.status.failure = failure;
  const waitingFor = waitsFor(run, name, since);
  const doing = `${name}: ${failure.title}; ${whatFollows(failure)}`;
  if (!before || run.status.stage !== 'held') run.enter('held', doing, waitingFor);
  // Of several it is shown by the one that was tried last: what it does, what it waits for, and its failure, are of the same.
  else Object.assign(run.status, { doing, waitingFor });
  if (before && retries <= (before.retries ??= retries)) return before;
  // Told afterwards: whoever hears of it can decide at once.
  const held = (run.state.held[name] = { why: head(`${failure.title}: ${failure.detail}`, 500), since, retries });
  tellPeople(run, {
    message: 'held',
    code: failure.code,
    places: name.split(/[ :,]+/),
    stage: stageBefore(run),
    retries,
  });
  return held;
}

function waitsFor(run: Run, name: string, since: Millis): WaitingFor {
  const decisions = decisionsAbout(run);
  return {
    what: `${name}, or a decision: ${decisions.join(', ').replaceAll('-', ' ')}`,
    who: run.deciders,
    until: since + run.holdMs,
    decisions,
  };
}

function whatFollows(failure: FailureDetails): string {
  return isUndoneByOthers(failure)
    ? 'looked at from time to time, and put in place again at `retry`'
    : 'tried again from time to time';
}

/** The run is where it was before, once nothing of it is held any more; until then it is shown as held by what still is. */
export function letGo(run: Run, name: string): void {
  if (!(name in run.state.held)) return;
  delete run.state.held[name];
  if (run.status.stage !== 'held') return;
  const [first] = Object.entries(run.state.held).sort(([, one], [, other]) => one.since - other.since);
  if (first) return showHeld(run, ...first);
  if (run.state.concluding) run.status.failure = run.state.concluding.failure;
  else delete run.status.failure;
  run.enter(stageBefore(run), `${name}: goes on`);
}

/** Nothing but what is shown, so that no history goes another way by it. The step tells its failure itself when it is tried next. */
function showHeld(run: Run, name: string, { since }: { since: Millis }): void {
  const failure = run.status.failing?.find(({ step }) => step === name)?.failure;
  if (failure) run.status.failure = failure;
  else delete run.status.failure;
  run.status.waitingFor = waitsFor(run, name, since);
  run.status.doing = `${name} is still held${failure ? `: ${failure.title}` : ''}`;
}

function stageBefore(run: Run): Stage {
  return run.status.timings.findLast(({ stage }) => stage !== 'held')?.stage ?? 'joining';
}

/** What people may decide about a run that is held for a step. */
function decisionsAbout({ id, state: { touched } }: Run): DecisionKind[] {
  if (!touched) return ['retry', 'abort'];
  return isFor(id, 'deploy') ? ['retry', 'roll-back', 'accept-failure'] : ['retry', 'accept-failure'];
}
