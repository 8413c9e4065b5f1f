import { tellingLines } from './log-lines.ts';
import { causeInOneLine, type RolloutCause } from './rollout-cause.ts';

const linesOfLog = 8;

/**
 * A failed rollout for people: the cause in the first line, the evidence below it, a line each. A container that leaves no word but its
 * exit code has usually said why in the last line of its log.
 */
export function failureInWords(deployment: string, cause: RolloutCause, log: string): string {
  const lines = tellingLines(log, linesOfLog);
  const last = cause.message === '' ? lines.pop() : undefined;
  const first = causeInOneLine(last === undefined ? cause : { ...cause, message: last });
  const below = [...(cause.evidence ?? []), ...lines].filter((line) => !first.includes(line));
  return [`${deployment}: ${first}`, ...below].join('\n');
}
