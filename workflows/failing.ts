import type { DecisionKind } from '../domain/contract/decisions.ts';
import type { FailingStep } from '../domain/contract/status.ts';
import { isFor } from '../domain/run-kinds.ts';
import type { Run } from './run.ts';

/** What people may decide about a run that is held for a step. */
export function decisionsAbout({ id, state: { touched } }: Run): DecisionKind[] {
  if (!touched) return ['retry', 'abort'];
  return isFor(id, 'deploy') ? ['retry', 'roll-back', 'accept-failure'] : ['retry', 'accept-failure'];
}

/** Shows what fails, for whoever asks; without `now`, that it does not any more. */
export function fails({ status }: Run, step: string, now?: Omit<FailingStep, 'step'>): void {
  const others = (status.failing ?? []).filter((one) => one.step !== step);
  const failing = now ? [...others, { step, ...now }] : others;
  if (failing.length > 0) status.failing = failing;
  else delete status.failing;
}
