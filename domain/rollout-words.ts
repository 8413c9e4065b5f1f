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

/** What was written so, taken apart again for whoever shows it. */
export interface ToldRollout {
  deployment: string;
  /** `old pods still ready to serve: 2 of 2`; absent where nobody has looked. */
  serving?: string;
  /** `pod/container`, or the pod alone; absent of what is no pod's. */
  pod?: string;
  /** `CrashLoopBackOff (exit code 1)`. */
  reason: string;
  /** What the program or the cluster said; empty where it said nothing. */
  message: string;
  /** Further lines: evidence, and the log. */
  below: string[];
}

const toldFirst = /^(?<deployment>[a-z0-9][a-z0-9.-]{0,252})(?: \((?<serving>[^()\n]{1,100})\))?: (?<cause>.+)$/;
const toldCause =
  /^(?:(?<pod>[a-z0-9][a-z0-9.-]{0,252}(?:\/[a-z0-9][a-z0-9.-]{0,252})?): )?(?<reason>[A-Za-z]{1,60}(?: \(exit code -?\d{1,6}\))?)(?:: (?<message>.+))?$/;

/** Undefined where it is not whole, or is another's text: it is shown as it is then. */
export function readFailureInWords(detail: string): ToldRollout | undefined {
  const [line = '', ...below] = detail.split('\n');
  const first = toldFirst.exec(line)?.groups;
  const cause = toldCause.exec(first?.['cause'] ?? '')?.groups;
  if (!first || !cause) return undefined;
  return {
    deployment: first['deployment']!,
    ...(first['serving'] !== undefined && { serving: first['serving'] }),
    ...(cause['pod'] !== undefined && { pod: cause['pod'] }),
    reason: cause['reason']!,
    message: cause['message'] ?? '',
    below,
  };
}
