import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import { describe, expect, it } from '@jest/globals';
import { judgeJob } from '../../activities/shared/job-verdict.ts';

const start = Date.parse('2026-11-26T02:00:00Z');
const timeoutMs = 600_000;

const aJob = (status: V1Job['status'] = {}): V1Job => ({
  metadata: { name: 'm', uid: 'j', creationTimestamp: new Date(start) },
  status: { startTime: new Date(start), ...status },
});
const failed = (reason: string, status: V1Job['status'] = {}) =>
  aJob({ ...status, conditions: [{ type: 'Failed', status: 'True', reason, message: 'said by the controller' }] });
const deadline = (status?: V1Job['status']) => failed('DeadlineExceeded', status);

const aContainer = (name: string, state: V1ContainerStatus['state'] = {}): V1ContainerStatus => ({
  name,
  state,
  image: 'i',
  imageID: '',
  ready: false,
  restartCount: 0,
});
const running = { running: { startedAt: new Date(start) } };
const exited = (exitCode: number, reason = exitCode === 0 ? 'Completed' : 'Error') => ({
  terminated: { exitCode, reason },
});
const waiting = (reason: string, message = '') => ({ waiting: { reason, message } });

const aPod = (containers: V1ContainerStatus[], status: V1Pod['status'] = {}, spec?: V1Pod['spec']): V1Pod => ({
  metadata: { name: 'm-1', uid: 'p', creationTimestamp: new Date(start) },
  ...(spec && { spec }),
  status: { phase: 'Running', containerStatuses: containers, ...status },
});
const migration = (state: V1ContainerStatus['state']) => aContainer('migration', state);
const agent = (state: V1ContainerStatus['state'] = running) => aContainer('vault-agent', state);

const look = (job: V1Job, pods: V1Pod[], seconds = 5) =>
  judgeJob({ job, pods, timeoutMs, container: 'migration', at: start + seconds * 1_000 });

describe('a Job whose container has ended while another of its pod runs on', () => {
  it('has succeeded when the exit code is 0, and says what ran on', () => {
    expect(look(aJob(), [aPod([migration(exited(0)), agent()])])).toEqual({
      state: 'succeeded',
      alongside: ['vault-agent'],
      pod: 'm-1',
    });
  });

  it('has failed at once with any other exit code', () => {
    expect(look(aJob(), [aPod([migration(exited(3)), agent()])])).toEqual({
      state: 'failed',
      reason: 'Error',
      begun: true,
      exitCode: 3,
      alongside: ['vault-agent'],
      pod: 'm-1',
    });
  });

  it('has succeeded also when the other ended badly after it, and the controller counts that', () => {
    const pod = aPod([migration(exited(0)), agent(exited(1))], { phase: 'Failed' });
    expect(look(failed('BackoffLimitExceeded'), [pod])).toMatchObject({ state: 'succeeded', pod: 'm-1' });
  });

  it.each<[string, V1Pod]>([
    ['is being removed', { ...aPod([]), metadata: { name: 'm-1', deletionTimestamp: new Date(start) } }],
    ['is drained', aPod([], { conditions: [{ type: 'DisruptionTarget', status: 'True' }] })],
  ])('is left to the controller when its pod %s: 0 may be the code of a program that was stopped', (_what, pod) => {
    const ended = { ...pod, status: { ...pod.status, containerStatuses: [migration(exited(0)), agent()] } };
    expect(look(aJob(), [ended])).toMatchObject({ state: 'running', begun: true });
    expect(look(failed('PodFailurePolicy'), [ended])).toMatchObject({ state: 'failed', begun: true });
  });

  it('is the controller’s to tell when all have ended, or when what runs on is ended by the kubelet', () => {
    expect(look(aJob(), [aPod([migration(exited(0)), agent(exited(0))])])).toMatchObject({ state: 'running' });
    const native = aPod([migration(exited(0))], { initContainerStatuses: [agent()] });
    expect(look(aJob(), [native])).toMatchObject({ state: 'running' });
  });

  it('goes on when it is the other that will not come up', () => {
    const pod = aPod([migration(running), agent(waiting('ErrImagePull', 'not found'))]);
    expect(look(aJob(), [pod], 300)).toMatchObject({ state: 'running', begun: true });
  });
});

describe('a Job whose time was over while its pod is still there', () => {
  const at = (seconds: number) => new Date(start + seconds * 1_000);
  const over = (...types: [type: string, seconds: number][]) =>
    aJob({
      conditions: types.map(([type, seconds]) => ({
        type,
        status: 'True',
        reason: 'DeadlineExceeded',
        lastTransitionTime: at(seconds),
      })),
    });
  const ended = (exitCode: number, seconds: number | undefined, pod: Partial<V1Pod> = {}): V1Pod => {
    const { terminated } = exited(exitCode);
    const own = migration({ terminated: { ...terminated, ...(seconds !== undefined && { finishedAt: at(seconds) }) } });
    const { status, ...rest } = aPod([own, agent()]);
    return { ...rest, ...pod, status: { ...status, ...pod.status } };
  };
  const leaving = (metadata: V1Pod['metadata']) => ({ metadata: { name: 'm-1', uid: 'p', ...metadata } });
  const told = leaving({ deletionTimestamp: at(630), deletionGracePeriodSeconds: 30 });
  const drained = { status: { conditions: [{ type: 'DisruptionTarget', status: 'True' }] } };
  const failedBy = (exitCode: number, reason = 'Error') => ({ state: 'failed', exitCode, reason });
  const byDeadline = { state: 'failed', reason: expect.stringMatching(/^DeadlineExceeded/) as unknown };

  it.each<[string, object, V1Job, V1Pod]>([
    [
      'has succeeded that had ended well before',
      { state: 'succeeded', pod: 'm-1' },
      over(['Failed', 600]),
      ended(0, 10),
    ],
    ['has succeeded that had ended two seconds before', { state: 'succeeded' }, over(['Failed', 600]), ended(0, 598)],
    ['has failed by its own exit code', failedBy(3), over(['Failed', 600]), ended(3, 10)],
    ['has ended so while its pod goes', { state: 'succeeded' }, over(['FailureTarget', 600]), ended(0, 10, told)],
    ['has failed so while its pod goes', failedBy(3), over(['FailureTarget', 600]), ended(3, 10, told)],
    ['may have been stopped just before', byDeadline, over(['Failed', 600]), ended(0, 599)],
    ['was stopped', byDeadline, over(['Failed', 600]), ended(143, 601)],
    [
      'was stopped, and is told to have failed later',
      byDeadline,
      over(['FailureTarget', 600], ['Failed', 629]),
      ended(0, 620),
    ],
    [
      'was stopped, and is told to have failed when its pod had gone',
      byDeadline,
      over(['Failed', 629]),
      ended(0, 620, told),
    ],
    [
      'was stopped by whoever removed its pod before',
      byDeadline,
      over(['Failed', 629]),
      ended(0, 590, leaving({ deletionTimestamp: at(580) })),
    ],
    ['ended nobody knows when', byDeadline, over(['Failed', 600]), ended(0, undefined)],
    ['ended on a node that was drained', { ...byDeadline, lost: true }, over(['Failed', 600]), ended(0, 10, drained)],
    ['is being stopped', { state: 'running' }, over(['FailureTarget', 600]), ended(0, 605, told)],
    [
      'has failed for another reason',
      { state: 'failed', lost: true },
      failed('PodFailurePolicy'),
      ended(0, 10, drained),
    ],
  ])('%s', (_what, verdict, job, pod) => {
    expect(look(job, [pod], 640)).toMatchObject(verdict);
  });
});

describe('whether a Job that failed had begun', () => {
  const lost = { phase: 'Failed', conditions: [{ type: 'DisruptionTarget', status: 'True' }] };
  it.each<[string, boolean, V1Job, V1Pod[]]>([
    ['its time was over and it never had a pod', false, deadline(), []],
    ['its time was over and its pod is gone, unseen', true, deadline({ failed: 1 }), []],
    ['its pod is being ended, unseen', true, deadline({ terminating: 1 }), []],
    ['its pod is counted later', true, deadline({ uncountedTerminatedPods: { failed: ['p'] } }), []],
    [
      'its container was still being made',
      false,
      deadline({ failed: 1 }),
      [aPod([migration(waiting('ContainerCreating'))])],
    ],
    ['its container ran', true, deadline({ failed: 1 }), [aPod([migration(running)])]],
    ['its container had ended', true, failed('BackoffLimitExceeded'), [aPod([migration(exited(1))])]],
    ['one of its pods had run', true, failed('BackoffLimitExceeded'), [aPod([]), aPod([migration(exited(1))])]],
    [
      'its program could not be started',
      false,
      failed('BackoffLimitExceeded'),
      [aPod([migration(exited(128, 'StartError'))])],
    ],
    [
      'its pod went before its container was made, and the kubelet knows nothing of that',
      false,
      failed('BackoffLimitExceeded'),
      [aPod([migration(exited(137, 'ContainerStatusUnknown'))])],
    ],
    [
      'its pod went, and the kubelet knows no more what its container did',
      true,
      failed('BackoffLimitExceeded'),
      [aPod([{ ...migration(exited(137, 'ContainerStatusUnknown')), containerID: 'containerd://1' }])],
    ],
    ['it ran before and waits', true, deadline(), [aPod([{ ...migration(waiting('x')), lastState: exited(1) }])]],
    [
      'an init container of others failed before it',
      false,
      failed('BackoffLimitExceeded'),
      [aPod([migration(waiting('PodInitializing'))], { phase: 'Failed', initContainerStatuses: [agent(exited(1))] })],
    ],
    [
      'its node refused the pod',
      false,
      failed('BackoffLimitExceeded'),
      [aPod([], { phase: 'Failed', reason: 'OutOfcpu' })],
    ],
    [
      'its node was lost before it could say',
      true,
      failed('PodFailurePolicy'),
      [aPod([], lost, { nodeName: 'n', containers: [] })],
    ],
    ['it was preempted before it had a node', false, failed('PodFailurePolicy'), [aPod([], lost)]],
    [
      'nothing is heard of its node',
      true,
      deadline(),
      [aPod([], { phase: 'Unknown' }, { nodeName: 'n', containers: [] })],
    ],
  ])('%s: %s', (_what, begun, job, pods) => {
    expect(look(job, pods, 600)).toMatchObject({ state: 'failed', begun });
  });

  it('tells the words of what kept it', () => {
    const unplaced = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' };
    const pod = aPod([], { phase: 'Pending', conditions: [unplaced] });
    expect(look(deadline(), [pod], 600)).toMatchObject({ reason: expect.stringContaining('Unschedulable: 0/3 nodes') });
    const initial = aPod([migration(waiting('PodInitializing'))], { initContainerStatuses: [agent(exited(1))] });
    expect(look(failed('BackoffLimitExceeded'), [initial])).toMatchObject({
      reason: expect.stringContaining('vault-agent Error'),
    });
  });
});

describe('a Job that does not begin', () => {
  const pending = aPod([migration(waiting('ContainerCreating'))], { phase: 'Pending' });

  it.each<[string, V1Pod[], number, 'running' | 'failed']>([
    ['has no pod for less than a minute', [], 59, 'running'],
    ['has no pod for a minute', [], 60, 'failed'],
    ['is being made for most of its time', [pending], 539, 'running'],
    ['has less than a tenth of its time left: it would be broken off in the middle', [pending], 540, 'failed'],
    ['has begun', [aPod([migration(running)])], 599, 'running'],
  ])('%s', (_what, pods, seconds, state) => {
    expect(look(aJob(), pods, seconds)).toMatchObject({ state, begun: state === 'running' && seconds === 599 });
  });

  it('is seen to begin, or not, while it is being removed', () => {
    const removed: V1Job = { ...aJob(), metadata: { ...aJob().metadata, deletionTimestamp: new Date(start) } };
    expect(look(removed, [pending])).toMatchObject({ state: 'running', removing: true, begun: false });
    expect(look(removed, [aPod([migration(running)])])).toMatchObject({ removing: true, begun: true });
    // The pod is gone a moment before the Job is.
    expect(look({ ...removed, status: { failed: 1 } }, [])).toMatchObject({ removing: true, begun: false });
  });
});
