import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { describe, expect, it } from '@jest/globals';
import { judgeJob } from '../../activities/shared/job-verdict.ts';

const start = new Date('2026-11-26T02:00:00Z');
const timeoutMs = 60_000;

const aJob = (status: V1Job['status'] = {}, over: Partial<V1Job> = {}): V1Job => ({
  metadata: { name: 's', uid: 'j', creationTimestamp: start },
  status: { startTime: start, ...status },
  ...over,
});
const failed = (reason: string, message = 'said by the controller', counts: V1Job['status'] = { failed: 1 }) =>
  aJob({ ...counts, conditions: [{ type: 'Failed', status: 'True', reason, message }] });

type State = NonNullable<NonNullable<V1Pod['status']>['containerStatuses']>[number]['state'];
const aPod = (state: State, status: V1Pod['status'] = {}): V1Pod => ({
  metadata: { name: 's-1', uid: 'p', creationTimestamp: start },
  spec: { containers: [], nodeName: 'n' },
  status: {
    phase: 'Running',
    containerStatuses: [
      { name: 'smoke', ...(state && { state }), image: 'i', imageID: '', ready: false, restartCount: 0 },
    ],
    ...status,
  },
});
const running: State = { running: { startedAt: start } };
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000);
const exited = (exitCode: number, message = '', [from, to] = [0, 3]): State => ({
  terminated: { exitCode, reason: 'Error', message, startedAt: after(from), finishedAt: after(to) },
});
const disrupted = { conditions: [{ type: 'DisruptionTarget', status: 'True' }] };

const look = (job: V1Job, pods: V1Pod[], seconds = 5) =>
  judgeJob({ job, pods, timeoutMs, container: 'smoke', at: start.getTime() + seconds * 1_000 });

describe('for how much of the time of a Job its container was seen to run', () => {
  const since = (seconds: number): State => ({ running: { startedAt: after(seconds) } });
  const unstarted = { exitCode: 127, reason: 'StartError', startedAt: new Date(0), finishedAt: after(2) };
  const over = failed('DeadlineExceeded');
  const removed = aJob({}, { metadata: { deletionTimestamp: start } });
  it.each<[string, number, number | undefined, V1Job, V1Pod[]]>([
    ['it runs', 5, 5, aJob(), [aPod(running)]],
    ['it began late', 55, 2, aJob(), [aPod(since(53))]],
    ['its node has a clock that is behind', 5, 5, aJob(), [aPod(since(-20))]],
    ['its node has a clock that is ahead', 5, 0, aJob(), [aPod(since(7))]],
    ['its time is over, and its pod takes long to go', 90, 9, over, [aPod(since(51))]],
    ['it was ended after its time', 90, 9, over, [aPod(exited(143, '', [51, 75]))]],
    ['it began after its time', 62, 0, aJob(), [aPod(since(61))]],
    ['it has ended', 30, 3, failed('BackoffLimitExceeded'), [aPod(exited(1), { phase: 'Failed' })]],
    ['its Job is being removed while it runs', 5, 5, removed, [aPod(running)]],
    ['it waits', 5, undefined, aJob(), [aPod({ waiting: { reason: 'ContainerCreating' } }, { phase: 'Pending' })]],
    ['its program could not be begun', 5, undefined, aJob(), [aPod({ terminated: unstarted })]],
    ['its pod is gone, and was counted', 60, undefined, over, []],
    ['its node was lost before it could say', 60, undefined, aJob(), [aPod(undefined, { phase: 'Unknown' })]],
  ])('%s: after %s s %s', (_when, seconds, ranSeconds, job, pods) => {
    const seen = look(job, pods, seconds);
    expect('ranMs' in seen ? seen.ranMs / 1_000 : undefined).toBe(ranSeconds);
  });
});

describe('a Job whose end nobody says', () => {
  const ofGrace = (seconds: number) => ({
    template: { spec: { containers: [], terminationGracePeriodSeconds: seconds } },
  });
  // Its 60 s, what its pod may take to go, and a minute.
  it.each<[string, number, boolean, V1Job]>([
    ['is waited for while its pod may take its time to go', 150, false, aJob()],
    ['is overdue after that', 151, true, aJob()],
    ['is waited for as its pod asks', 240, false, aJob({}, { spec: ofGrace(120) })],
    ['is overdue after what its pod asks', 241, true, aJob({}, { spec: ofGrace(120) })],
    [
      'is overdue also while it is being removed',
      151,
      true,
      aJob({}, { metadata: { creationTimestamp: start, deletionTimestamp: start } }),
    ],
  ])('%s', (_when, seconds, overdue, job) => {
    expect(look(job, [aPod(running)], seconds)).toMatchObject({ state: 'running', begun: true, ranMs: 60_000 });
    expect('overdue' in look(job, [aPod(running)], seconds)).toBe(overdue);
  });
});

describe('whether a node ended a Job', () => {
  const policy = 'Pod shop/s-1 has condition DisruptionTarget matching FailJob rule at index 0';
  const ended = (message: string, status: V1Pod['status'] = {}) =>
    aPod(exited(1, message), { phase: 'Failed', ...status });
  it.each<[string, boolean, V1Job, V1Pod[]]>([
    ['the Job says so, whose pod is gone', true, failed('PodFailurePolicy', policy), []],
    ['its pod was evicted', true, failed('BackoffLimitExceeded'), [ended('', { reason: 'Evicted' })]],
    ['its pod was disrupted before its time was over', true, failed('DeadlineExceeded'), [ended('', disrupted)]],
    ['its program ends itself', false, failed('BackoffLimitExceeded'), [ended('')]],
    ['its time was over', false, failed('DeadlineExceeded'), []],
    ...['Evicted', 'DisruptionTarget', 'NodeShutdown', 'Preempting'].map((word): [string, boolean, V1Job, V1Pod[]] => [
      `its program writes ${word} as its last words`,
      false,
      failed('BackoffLimitExceeded'),
      [ended(word)],
    ]),
  ])('%s', (_when, lost, job, pods) => {
    expect('lost' in look(job, pods)).toBe(lost);
  });
});
