import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../domain/contract/verdicts.ts';
import { judgeSmoke, smokeInWords, type SmokeEnd } from '../../domain/smoke.ts';

const plain = { timeoutMs: 300_000 };
const reporting = { ...plain, report: 'junit' as const };
const well: SmokeEnd = { succeeded: true, begun: true, exitCode: 0, reason: '', log: '' };
const failed = (over: Partial<SmokeEnd> = {}): SmokeEnd => ({
  ...well,
  succeeded: false,
  exitCode: 3,
  reason: 'BackoffLimitExceeded: Job has reached the specified backoff limit: Error',
  ...over,
});
const unbegun = (reason: string): SmokeEnd => ({ succeeded: false, begun: false, reason, log: '' });
const gone = (reason: string): SmokeEnd => ({ succeeded: false, begun: true, reason, log: '', podGone: true });
const deadline = 'DeadlineExceeded: Job was active longer than specified deadline';
const cases = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `shop › t${n}`, message: 'no' }));

describe('what a smoke test says of a region', () => {
  it.each<[string, SmokeEnd, typeof plain, Verdict, string | RegExp]>([
    ['an exit code of 0', well, plain, 'pass', 'ended with exit code 0'],
    ['a report without failures', { ...well, report: { total: 12, failed: [] } }, reporting, 'pass', '12 tests passed'],
    ['a report of one test', { ...well, report: { total: 1, failed: [] } }, reporting, 'pass', '1 test passed'],
    ['another exit code', failed({ log: 'asking\nno answer\n' }), plain, 'fail', 'exit code 3: asking / no answer'],
    ['another exit code, without a word', failed(), plain, 'fail', /^exit code 3: its log is empty \(Backoff/],
    [
      'failed cases',
      failed({ report: { total: 4, failed: [{ name: 'shop › checkout', message: 'no\n answer' }] } }),
      reporting,
      'fail',
      '1 of 4 failed: shop › checkout: no answer',
    ],
    [
      'failed cases, whatever the exit code says',
      { ...well, report: { total: 4, failed: cases(1) } },
      reporting,
      'fail',
      '1 of 4 failed: shop › t0: no',
    ],
    [
      'many failed cases',
      failed({ report: { total: 40, failed: cases(12) } }),
      reporting,
      'fail',
      /^12 of 40 .* t9: no; and others$/,
    ],
    [
      'a bad end whose report says nothing of it',
      failed({ report: { total: 4, failed: [] }, log: 'Traceback' }),
      reporting,
      'fail',
      'exit code 3: Traceback',
    ],
    [
      'a bad end without the report',
      failed({ report: { unread: 'it printed no JUnit report' }, log: 'ImportError' }),
      reporting,
      'fail',
      'exit code 3: ImportError',
    ],
    [
      'the end of its time, where it was seen to run',
      { ...gone(deadline), ranMs: 290_000 },
      plain,
      'fail',
      `it did not end within 300 s: what it printed is gone with its pod (${deadline})`,
    ],
    [
      'the end of its time, where its pod is still there',
      { ...failed({ reason: deadline, log: 'asking\n' }), ranMs: 290_000 },
      plain,
      'fail',
      'it did not end within 300 s: asking',
    ],
    [
      'the end of its time, where it had half of it',
      { ...gone(deadline), ranMs: 150_000 },
      plain,
      'fail',
      /^it did not end within 300 s/,
    ],
    [
      'the end of its time, where it had less than half of it',
      { ...gone(deadline), ranMs: 149_000 },
      plain,
      'inconclusive',
      'it began late, or nobody looked: its time was over, of which it was seen to run for about 149 s of 300 s',
    ],
    [
      'the end of its time, where it began late and its pod is still there',
      { ...failed({ reason: deadline, exitCode: 143, log: 'asking\n' }), ranMs: 45_000 },
      plain,
      'inconclusive',
      /^it began late, .* about 45 s of 300 s$/,
    ],
    [
      'an exit code of its own, however late it began',
      failed({ reason: 'Error', ranMs: 1_000, log: 'no answer' }),
      plain,
      'fail',
      'exit code 3: no answer',
    ],
    [
      'a program that its image does not have',
      unbegun('BackoffLimitExceeded: smoke StartError exec: "smoke": executable file not found in $PATH'),
      plain,
      'fail',
      /^its program cannot be run: .*executable file not found/,
    ],
    ['a connection that its program was refused', failed({ log: 'connection refused' }), plain, 'fail', /refused$/],
    [
      'no report',
      { ...well, report: { unread: 'it printed no JUnit report' } },
      reporting,
      'inconclusive',
      'exit code 0, and it printed no JUnit report',
    ],
    [
      'no report, where nobody kept the log',
      well,
      reporting,
      'inconclusive',
      'exit code 0, and it printed no JUnit report',
    ],
    [
      'no report, where its pod is gone',
      { ...well, podGone: true },
      reporting,
      'inconclusive',
      'exit code 0, and what it printed is gone with its pod',
    ],
    [
      'a report without a test',
      { ...well, report: { total: 0, failed: [] } },
      reporting,
      'inconclusive',
      'exit code 0, and its report has no test',
    ],
    [
      'no node',
      unbegun('after 90 s: Unschedulable: 0/3 nodes are available'),
      plain,
      'inconclusive',
      /^it has not begun: .*0\/3 nodes/,
    ],
    [
      'a quota',
      unbegun('the Job has no pod yet; FailedCreate: pods "x" is forbidden: exceeded quota: shop'),
      plain,
      'inconclusive',
      /exceeded quota: shop$/,
    ],
    ['an image that cannot be pulled', unbegun('ImagePullBackOff: not found'), plain, 'inconclusive', /not found$/],
    [
      'a runtime that is away',
      unbegun('smoke CreateContainerError context deadline exceeded'),
      plain,
      'inconclusive',
      /^it has not begun/,
    ],
    [
      'the end of its time, where nobody saw it run',
      gone(deadline),
      plain,
      'inconclusive',
      `its time was over, and nobody saw it run: ${deadline}`,
    ],
    [
      'the end of its time, where its pod is still there and never ran',
      unbegun(`${deadline}: Unschedulable: 0/3 nodes are available`),
      plain,
      'inconclusive',
      /^it has not begun: DeadlineExceeded.*0\/3 nodes/,
    ],
    [
      'the end of its time on a node that went away, though it was seen to run',
      { ...gone(deadline), ranMs: 290_000, lost: true },
      plain,
      'inconclusive',
      /^it was broken off: DeadlineExceeded/,
    ],
    [
      'a node that went down',
      { ...gone('PodFailurePolicy: Pod has condition DisruptionTarget matching FailJob'), lost: true },
      plain,
      'inconclusive',
      /^it was broken off/,
    ],
    ...['Evicted', 'NodeShutdown', 'DisruptionTarget', 'DeadlineExceeded'].map(
      (word): [string, SmokeEnd, typeof plain, Verdict, string] => [
        `a program that writes ${word} as its last words`,
        failed({ reason: `BackoffLimitExceeded: backoff limit: Error ${word}`, ranMs: 290_000, log: word }),
        plain,
        'fail',
        `exit code 3: ${word}`,
      ],
    ),
    [
      'a pod that is gone',
      gone('BackoffLimitExceeded: Job has reached the specified backoff limit'),
      plain,
      'inconclusive',
      /^nobody saw how it ended/,
    ],
  ])('%s', (_what, end, test, verdict, summary) => {
    const said = typeof summary === 'string' ? summary : (expect.stringMatching(summary) as unknown as string);
    expect(judgeSmoke(end, test)).toEqual({ verdict, summary: said });
  });

  it('is short, however much its program says', () => {
    const said = 'x'.repeat(100_000);
    const many = { total: 100, failed: Array.from({ length: 100 }, () => ({ name: said, message: said })) };
    for (const end of [failed({ log: said }), failed({ report: many }), gone(said), unbegun(said)])
      expect(judgeSmoke(end, reporting).summary.length).toBeLessThan(1_000);
  });
});

it('what is said of several smoke tests leaves none of them out', () => {
  const checks = Array.from({ length: 10 }, (_, n) => ({
    name: `de: test-${n}`,
    verdict: n === 0 ? ('pass' as const) : ('fail' as const),
    summary: 'x'.repeat(900),
  }));
  const words = smokeInWords(checks);
  expect(words.length).toBeLessThan(2_000);
  expect(words.match(/test-\d/g)).toEqual(checks.slice(1).map(({ name }) => name.slice(4)));
});
