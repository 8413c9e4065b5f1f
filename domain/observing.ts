import type { Millis } from './contract/release.ts';
import type { Check, Verdict } from './contract/verdicts.ts';
import type { Blame } from './errors/failure.ts';
import type { Restarts } from './restarts.ts';

/** What the looks before this one have said. */
export interface LooksSoFar {
  looks: number;
  /** The last look that was good throughout. */
  goodAt?: Millis;
  /** What they have seen that the next ones are compared with, by component and workload. */
  seen?: Record<string, Record<string, Restarts>>;
}

export type LookVerdict =
  | { kind: 'go-on'; so: LooksSoFar }
  | { kind: 'pass' }
  /** `said`: what was wrong, or could not be told, in words. */
  | { kind: 'fail' | 'inconclusive'; said: string };

/**
 * Judges one of many looks at the same thing. Wrong once is wrong: nobody waits for the end. A look that could not tell is no failure while
 * there are more to come; the last one must be able to tell.
 */
export function judgeLook(
  so: LooksSoFar,
  checks: readonly Check[],
  look: { at: Millis; isLast: boolean },
): LookVerdict {
  const verdict = verdictOf(checks);
  if (verdict === 'fail' || (verdict === 'inconclusive' && look.isLast))
    return { kind: verdict, said: `${wordsOf(checks)} (${history(so, look.at)})` };
  if (look.isLast) return { kind: 'pass' };
  return { kind: 'go-on', so: { ...so, looks: so.looks + 1, ...(verdict === 'pass' && { goodAt: look.at }) } };
}

/** The worst of them. Nothing looked at is nothing wrong: what must be looked at is decided where the plan is made. */
export function verdictOf(checks: readonly Check[]): Verdict {
  const verdicts = checks.map(({ verdict }) => verdict);
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'pass';
}

/**
 * Whose fault it is that checks have failed: the release's, unless others have changed what it put there. What answers wrongly then says
 * nothing about the release; what is known to be the release's own fault does.
 */
export function blameOf(checks: readonly Check[]): Blame {
  const blames = checks.filter(({ verdict }) => verdict === 'fail').map(({ blame }) => blame);
  return blames.includes('world') && !blames.includes('release') ? 'world' : 'release';
}

/** Everything that was not good, in one line. */
export function wordsOf(checks: readonly Check[]): string {
  return checks
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ name, summary }) => `${name}: ${summary}`)
    .join('; ');
}

function history({ looks, goodAt }: LooksSoFar, at: Millis): string {
  const since = `seen at ${timeOf(at)}`;
  if (looks === 0) return `${since}, at the first look`;
  const before = `in ${looks} ${looks === 1 ? 'look' : 'looks'} before`;
  return goodAt === undefined
    ? `${since}; never good ${before}`
    : `${since}; last good at ${timeOf(goodAt)}, ${before}`;
}

function timeOf(at: Millis): string {
  return new Date(at).toISOString();
}
