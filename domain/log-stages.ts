import type { ReleaseStatus, Stage } from './contract/status.ts';

/**
 * The stage in which a line of a run's log was said. Entering a stage says what it does, last of all in that moment: lines of the same moment
 * before it belong to the stage that ends.
 */
export function stageOfLine(
  { timings, stage, log }: Pick<ReleaseStatus, 'timings' | 'stage' | 'log'>,
  index: number,
): Stage {
  const at = log[index]?.at ?? 0;
  const isLast = log[index + 1]?.at !== at;
  const begun = timings.findLast(({ startedAt }) => (isLast ? startedAt <= at : startedAt < at));
  return (begun ?? timings[0])?.stage ?? stage;
}
