import { describe, expect, it } from '@jest/globals';
import { tellingLines } from '../../domain/log-lines.ts';
import type { RolloutCause } from '../../domain/rollout-cause.ts';
import { failureInWords, readFailureInWords } from '../../domain/rollout-words.ts';

const crash: RolloutCause = {
  code: 'SLIP-K8S-1',
  reason: 'CrashLoopBackOff',
  message: '',
  pod: 'api-1',
  container: 'api',
  exitCode: 3,
};
const json = [
  '{"level":"info","ts":"2026-11-25T10:00:00.000Z","caller":"podinfo/main.go:153","msg":"Starting podinfo","version":"6.9.2","port":"9898"}',
  '{"level":"fatal","ts":"2026-11-25T10:00:00.100Z","caller":"http/server.go:12","msg":"cannot listen","error":"listen tcp :9898: bind: permission denied","stacktrace":"main.main\\n\\t/src/main.go:99"}',
].join('\n');

describe('a failed rollout in words', () => {
  it('is the cause in one line, and the evidence below it', () => {
    expect(failureInWords('api', crash, json)).toBe(
      [
        'api: api-1/api: CrashLoopBackOff (exit code 3): fatal cannot listen listen tcp :9898: bind: permission denied',
        'info Starting podinfo',
      ].join('\n'),
    );
  });

  it('keeps the cause that the cluster names, and tells the log below it', () => {
    const cause = { ...crash, message: 'Liveness probe failed: statuscode: 500', evidence: ['first', 'second'] };
    expect(failureInWords('api', cause, 'starting\nno database\n').split('\n')).toEqual([
      'api: api-1/api: CrashLoopBackOff (exit code 3): Liveness probe failed: statuscode: 500',
      'first',
      'second',
      'starting',
      'no database',
    ]);
  });

  it.each([
    [{ old: 2, oldReady: 2 }, 'api (old pods still ready to serve: 2 of 3): api-1/api:'],
    [{ old: 1, oldReady: 0 }, 'api (old pods still ready to serve: 0 of 3): api-1/api:'],
    [{ old: 0, oldReady: 0 }, 'api (no old pod is left): api-1/api:'],
    [{ old: 2 }, 'api: api-1/api:'],
  ])('says whether what ran before still serves, where somebody has looked: %j', (counts, begins) => {
    const all = { wanted: 3, updated: 1, ready: 2, available: 2, ...counts };
    expect(failureInWords('api', crash, '', all).slice(0, begins.length)).toBe(begins);
  });

  it('says nothing twice', () => {
    expect(failureInWords('api', { ...crash, message: 'no database' }, 'no database')).toBe(
      'api: api-1/api: CrashLoopBackOff (exit code 3): no database',
    );
  });

  it('has a line for each, however long what a container says', () => {
    const words = failureInWords('api', crash, `${'x'.repeat(5_000)} the end\n`.repeat(40));
    expect(words.split('\n').length).toBeLessThanOrEqual(8);
    expect(words.length).toBeLessThan(2_000);
    expect(words).toMatch(/the end$/);
  });
});

describe('the lines of a log that say something', () => {
  it.each<[string, string, string[]]>([
    ['plain lines, the last of them', 'one\n\ntwo\nthree\n', ['two', 'three']],
    ['bunyan and pino', '{"level":50,"msg":"boom","err":{"message":"no database","stack":"…"}}', ['boom no database']],
    ['an error without a message', '{"severity":"ERROR","error":"no database"}', ['ERROR no database']],
    ['JSON that says nothing we know', '{"a":1}', ['{"a":1}']],
    ['half a line of JSON', '{"msg":"bo', ['{"msg":"bo']],
    ['nothing', '', []],
  ])('are %s', (_name, log, lines) => {
    expect(tellingLines(log, 2)).toEqual(lines);
  });
});

describe('a failed rollout in words, read again', () => {
  const counts = { wanted: 3, updated: 1, ready: 2, available: 2, old: 2, oldReady: 2 };

  it('is its parts', () => {
    const cause = { ...crash, message: 'Liveness probe failed: statuscode: 500', evidence: ['first'] };
    expect(readFailureInWords(failureInWords('api', cause, 'no database\n', counts))).toEqual({
      deployment: 'api',
      serving: 'old pods still ready to serve: 2 of 3',
      pod: 'api-1/api',
      reason: 'CrashLoopBackOff (exit code 3)',
      message: 'Liveness probe failed: statuscode: 500',
      below: ['first', 'no database'],
    });
  });

  it('has a pod without a container where none has begun', () => {
    const cause: RolloutCause = { code: 'SLIP-K8S-8', reason: 'FailedMount', message: 'no such secret', pod: 'api-1' };
    expect(readFailureInWords(failureInWords('api', cause, '', counts))).toMatchObject({
      ...{ pod: 'api-1', reason: 'FailedMount', message: 'no such secret' },
      serving: 'old pods still ready to serve: 2 of 3',
    });
  });

  it('has no pod where the cluster has made none', () => {
    const cause: RolloutCause = { code: 'SLIP-K8S-20', reason: 'Unschedulable', message: '0/3 nodes are available' };
    expect(readFailureInWords(failureInWords('api', cause, ''))).toEqual({
      deployment: 'api',
      reason: 'Unschedulable',
      message: '0/3 nodes are available',
      below: [],
    });
  });

  it.each([
    '',
    'what happened is not known',
    '…ackOff (exit code 3): no database',
    'Api: x: y',
    `api: ${'a/'.repeat(9_000)}`,
  ])('is nothing of what was written otherwise, or is cut: %.40s', (text) => {
    expect(readFailureInWords(text)).toBeUndefined();
  });
});
