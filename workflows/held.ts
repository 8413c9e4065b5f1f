import type { DecisionKind } from '../domain/contract/decisions.ts';
import type { Stage } from '../domain/contract/status.ts';
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

/** Says that it is held, and since when; people are told once. */
export async function hold(run: Run, name: string, failure: FailureDetails): Promise<{ since: number }> {
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
  const held = (run.state.held[name] = { why: head(`${failure.title}: ${failure.detail}`, 500), since });
  await tellPeople(run, 'tell people that the run is held', {
    message: 'held',
    code: failure.code,
    places: name.split(/[ :,]+/),
    stage: stageBefore(run),
  });
  return held;
}

function whatFollows(failure: FailureDetails): string {
  return isUndoneByOthers(failure)
    ? 'looked at from time to time, and put in place again at `retry`'
    : 'tried again from time to time';
}

/** The run is where it was before, once nothing of it is held any more. */
export function letGo(run: Run, name: string): void {
  if (!(name in run.state.held)) return;
  delete run.state.held[name];
  if (Object.keys(run.state.held).length > 0 || run.status.stage !== 'held') return;
  if (run.state.concluding) run.status.failure = run.state.concluding.failure;
  else delete run.status.failure;
  run.enter(stageBefore(run), `${name}: goes on`);
}

function stageBefore(run: Run): Stage {
  return run.status.timings.findLast(({ stage }) => stage !== 'held')?.stage ?? 'joining';
}

/** What people may decide about a run that is held for a step. */
function decisionsAbout({ id, state: { touched } }: Run): DecisionKind[] {
  if (!touched) return ['retry', 'abort'];
  return isFor(id, 'deploy') ? ['retry', 'roll-back', 'accept-failure'] : ['retry', 'accept-failure'];
}
