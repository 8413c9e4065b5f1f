import type { FailingStep } from '../domain/contract/status.ts';
import type { Run } from './run.ts';

/** Shows what fails, for whoever asks; without `now`, that it does not any more. */
export function fails({ status }: Run, step: string, now?: Omit<FailingStep, 'step'>): void {
  const others = (status.failing ?? []).filter((one) => one.step !== step);
  const failing = now ? [...others, { step, ...now }] : others;
  if (failing.length > 0) status.failing = failing;
  else delete status.failing;
}
