import type { Check, Verdict } from './contract/verdicts.ts';

/**
 * Judges the checks of one endpoint, oldest first. Pass: the last `successes` in a row are good. Undefined: go on asking.
 * Once the time is over, a row of good answers that has begun may be finished: each further answer makes it longer or ends it, so that
 * there are never more than `successes` of them. Else the whole row counts, and not its last answer alone: wrong when it was answered wrongly
 * more often than not at all. A connection that drops at the end proves no health, nor does one 503 after minutes of silence prove an illness.
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
  return ofTheWholeRow(checks);
}

function ofTheWholeRow(checks: readonly Check[]): { verdict: Verdict; summary: string } {
  const wrong = checks.filter(({ verdict }) => verdict === 'fail');
  const silent = checks.filter(({ verdict }) => verdict === 'inconclusive');
  const [verdict, told] =
    wrong.length > silent.length ? (['fail', wrong] as const) : (['inconclusive', silent] as const);
  const words = told.at(-1)?.summary ?? '';
  // Where both were seen, people are told why it is the one and not the other.
  const isMixed = wrong.length > 0 && silent.length > 0;
  return { verdict, summary: isMixed ? `${words} (${told.length} of ${checks.length} times)` : words };
}

function goodInARow(checks: readonly Check[]): number {
  return checks.length - 1 - checks.findLastIndex(({ verdict }) => verdict !== 'pass');
}

function answers(count: number): string {
  return count === 1 ? 'answer' : 'answers';
}
