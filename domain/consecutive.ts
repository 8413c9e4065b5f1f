import type { Check, Verdict } from './contract/verdicts.ts';

/**
 * Judges the checks of one endpoint, oldest first. Pass: the last `successes` in a row are good. Undefined: go on asking.
 * Once the time is over, a row of good answers that has begun may be finished: each further answer makes it longer or ends it, so that
 * there are never more than `successes` of them. Else: what the last answer said, inconclusive when there was none.
 */
export function judgeConsecutive(
  checks: readonly Check[],
  successes: number,
  deadlinePassed: boolean,
): { verdict: Verdict; summary: string } | undefined {
  const last = checks.at(-1);
  const good = goodInARow(checks);
  if (last && good >= successes)
    return { verdict: 'pass', summary: `${good} good ${answers(good)} in a row: ${last.summary}` };
  if (!deadlinePassed || last?.verdict === 'pass') return undefined;
  if (!last) return { verdict: 'inconclusive', summary: 'time ran out before the first answer' };
  return { verdict: last.verdict, summary: last.summary };
}

function goodInARow(checks: readonly Check[]): number {
  return checks.length - 1 - checks.findLastIndex(({ verdict }) => verdict !== 'pass');
}

function answers(count: number): string {
  return count === 1 ? 'answer' : 'answers';
}
