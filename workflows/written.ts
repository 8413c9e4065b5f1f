import { isUndoneByOthers } from '../domain/failure-course.ts';
import { failureOf } from './failures.ts';
import type { Run } from './run.ts';
import type { Written } from './run-state.ts';

/**
 * Looking again and writing again are two things. A look is made again by itself, as often as it takes. What was written is written again only
 * when a person says `retry`: whoever has put something else there meanwhile, an on-call in the night perhaps, would be fought with otherwise.
 * It is state of the run, by the name of the step that writes, so that a run which moves to a newer engine does not forget it.
 */
export function isAskedFor(run: Run, step: string): boolean {
  const { heard } = writtenBy(run, step) ?? {};
  return heard !== undefined && ordersHeard(run) > heard;
}

export function writtenBy({ state }: Run, step: string): Written | undefined {
  return state.written?.[step];
}

export function remember({ state }: Run, step: string, written: Written): void {
  (state.written ??= {})[step] = written;
}

export function forget({ state }: Run, ...steps: string[]): void {
  for (const step of steps) delete state.written?.[step];
}

/** A look at what was written has failed: a `retry` that was heard since it began (`heard`: how many were before) is about that. */
export function lookFailed(run: Run, step: string, error: unknown, heard: number): void {
  const known = writtenBy(run, step);
  // Where nothing is left of what was written to, there is nothing to look at, and nobody to fight with.
  if (failureOf(error).code === 'SLIP-K8S-2') forget(run, step);
  else if (known) known.heard ??= heard;
}

/** Others have changed what these steps had put there, and it was seen to stand before. */
export function undone(run: Run, steps: string[], error: unknown, heard: number): void {
  if (!isUndoneByOthers(failureOf(error))) return;
  for (const step of steps) remember(run, step, { heard, ...writtenBy(run, step) });
}

/** A rollback that is ordered while one is under way means: put it back. */
export function ordersHeard({ state }: Run): number {
  return state.decisions.filter(({ decision }) => decision.kind === 'retry' || decision.kind === 'roll-back').length;
}
