import { tellingLines } from './log-lines.ts';
import { causeInOneLine, type RolloutCause } from './rollout-cause.ts';
import type { RolloutCounts } from './rollout-verdict.ts';

const linesOfLog = 8;

/**
 * A failed rollout for people: the cause in the first line, the evidence below it, a line each. A container that leaves no word but its
 * exit code has usually said why in the last line of its log.
 */
export function failureInWords(deployment: string, cause: RolloutCause, log: string, counts?: RolloutCounts): string {
  const lines = tellingLines(log, linesOfLog);
  const last = cause.message === '' ? lines.pop() : undefined;
  const first = causeInOneLine(last === undefined ? cause : { ...cause, message: last });
  const below = [...(cause.evidence ?? []), ...lines].filter((line) => !first.includes(line));
  return [`${deployment}${counts ? servingInWords(counts) : ''}: ${first}`, ...below].join('\n');
}

/** Whether customers are hit: before the cause, since what is long is cut at its end. Nothing where nobody has looked. */
function servingInWords({ wanted, old, oldReady }: RolloutCounts): string {
  if (oldReady === undefined) return '';
  return old === 0 ? ' (no old pod is left)' : ` (old pods still ready to serve: ${oldReady} of ${wanted})`;
}
