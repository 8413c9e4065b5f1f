import type { SmokeSpec } from './contract/release.ts';
import type { Check } from './contract/verdicts.ts';
import { tellingLines } from './log-lines.ts';
import { blameOfBeginning } from './job-beginning.ts';
import { head } from './whole-text.ts';

/** What the report of a smoke test says; or, after "and", why nobody can tell. */
export type SmokeReport = { total: number; failed: { name: string; message: string }[] } | { unread: string };

/** How the Job of a smoke test has ended, or will not begin any more. */
export interface SmokeEnd {
  succeeded: boolean;
  /** False only where it is certain that its program has never run. */
  begun: boolean;
  /** For how much of its time it was seen to run. Of a Job whose pod is gone only an earlier look can tell. Absent: not seen to run. */
  ranMs?: number;
  /** By the cluster a node that went away has ended it. */
  lost?: true;
  exitCode?: number;
  /** In the cluster's own words; empty for a success. */
  reason: string;
  /** The end of what it printed. */
  log: string;
  /** None of its pods is there any more: what it printed is gone with it. */
  podGone?: true;
  /** Absent where none was asked for, or nothing was there to be read. */
  report?: SmokeReport;
}

type Judged = Pick<Check, 'verdict' | 'summary'>;

/** The image runs already, so that what keeps a container from being made of it is what the test asks for: its program, above all. */
const containersOwn = /\b(Create(Container)?(Config)?Error|RunContainerError|StartError|ContainerCannotRun)\b/;

/** Of its Job, whose words come first. */
const outOfTime = /^DeadlineExceeded\b/;

/**
 * What a smoke test says of a region. Only what its program has found, or that it cannot be run at all, speaks against the release; what was
 * not tried is no verdict. What programs say of connections and the like is no excuse: to find that is what they are for.
 */
export function judgeSmoke(
  end: SmokeEnd,
  { report: asked, timeoutMs }: Pick<SmokeSpec, 'report' | 'timeoutMs'>,
): Judged {
  const { begun, lost, reason, report, succeeded, exitCode } = end;
  if (!begun && !succeeded) return neverBegun(reason);
  if (!succeeded && lost) return inconclusive(`it was broken off: ${reason}`);
  if (!succeeded && outOfTime.test(reason)) return judgeOutOfTime(end, timeoutMs);
  if (report && 'failed' in report && report.failed.length > 0) return fail(failedCases(report));
  if (!succeeded && exitCode === undefined) return inconclusive(`nobody saw how it ended: ${reason}`);
  if (!succeeded) return fail(`exit code ${exitCode}`, lastWords(end));
  return asked
    ? judgeReport(report ?? { unread: end.podGone ? goneWithPod : 'it printed no JUnit report' })
    : { verdict: 'pass', summary: 'ended with exit code 0' };
}

function neverBegun(reason: string): Judged {
  const isOwn = containersOwn.test(reason) && blameOfBeginning(reason) === 'release';
  return isOwn ? fail(`its program cannot be run: ${reason}`) : inconclusive(`it has not begun: ${reason}`);
}

/** What came late, or was not looked at for most of its time, might have ended in time. */
const seenEnough = 0.5;

function judgeOutOfTime(end: SmokeEnd, timeoutMs: number): Judged {
  const { ranMs, reason } = end;
  if (ranMs === undefined) return inconclusive(`its time was over, and nobody saw it run: ${reason}`);
  const all = `${timeoutMs / 1_000} s`;
  if (ranMs < timeoutMs * seenEnough)
    return inconclusive(
      `it began late, or nobody looked: its time was over, of which it was seen to run for about ${Math.round(ranMs / 1_000)} s of ${all}`,
    );
  return fail(`it did not end within ${all}`, lastWords(end));
}

/** Of one whose program has ended well: that it has tested something has to be seen. */
function judgeReport(report: SmokeReport): Judged {
  if ('unread' in report) return inconclusive(`exit code 0, and ${report.unread}`);
  if (report.total === 0) return inconclusive('exit code 0, and its report has no test');
  return { verdict: 'pass', summary: `${report.total} ${report.total === 1 ? 'test' : 'tests'} passed` };
}

const mostNamed = 10;
const [nameCharacters, messageCharacters] = [120, 160];

function failedCases({ total, failed }: Extract<SmokeReport, { total: number }>): string {
  const named = failed.slice(0, mostNamed).map(({ name, message }) => {
    const said = short(message, messageCharacters);
    return `${short(name, nameCharacters)}${said && `: ${said}`}`;
  });
  const more = failed.length > mostNamed ? ['and others'] : [];
  return `${failed.length} of ${total} failed: ${[...named, ...more].join('; ')}`;
}

const lastLines = 3;

function lastWords(end: SmokeEnd): string {
  const said = tellingLines(end.log, lastLines).join(' / ');
  return said === '' ? `${noWords(end)} (${end.reason})` : said;
}

/** An empty log says that nothing was printed only where there is a pod to read it from. */
function noWords({ podGone }: SmokeEnd): string {
  return podGone ? goneWithPod : 'its log is empty';
}

const goneWithPod = 'what it printed is gone with its pod';

const mostCharacters = 900;

const fail = (...words: string[]): Judged => judged('fail', words.join(': '));
const inconclusive = (words: string): Judged => judged('inconclusive', words);
const judged = (verdict: 'fail' | 'inconclusive', words: string): Judged => ({
  verdict,
  summary: short(words, mostCharacters),
});

function short(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${head(line, most)}…` : line;
}

/** What is said of all that have not passed: of each the beginning, so that no test is left out. */
export function smokeInWords(checks: readonly Check[]): string {
  const those = checks.filter(({ verdict }) => verdict !== 'pass');
  const most = Math.floor(1_900 / Math.max(1, those.length));
  return those.map(({ name, summary }) => short(`${name}: ${summary}`, most - 3)).join('; ');
}
