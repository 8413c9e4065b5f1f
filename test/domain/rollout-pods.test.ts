import { describe, expect, it } from '@jest/globals';
import type { ContainerObservation, PodObservation, RolloutObservation } from '../../domain/rollout-observation.ts';
import {
  aBrokenPod,
  aCrashedContainer,
  aLook,
  aPod,
  aStart,
  aWarning,
  failureOf,
  judged,
  now,
  second,
} from './rollout-builders.ts';

/** Each row: the pod's trouble, and the age in seconds at which it condemns a rollout whose only new pod has it. */
const badEnd = { reason: 'Error', message: '', exitCode: 1 };

const troubles: [string, Partial<ContainerObservation>, number][] = [
  ['a name that is no image name', { reason: 'InvalidImageName' }, 0],
  ['an image that must not be pulled', { reason: 'ErrImageNeverPull' }, 0],
  [
    'an image that does not exist',
    { reason: 'ErrImagePull', message: 'failed to resolve: registry.test/shop/api: not found' },
    150,
  ],
  [
    'an unknown manifest, held back',
    { reason: 'ImagePullBackOff', message: 'Back-off pulling image: manifest unknown' },
    150,
  ],
  ['an image that may not be pulled', { reason: 'ErrImagePull', message: 'pull access denied' }, 150],
  ['a registry that does not answer', { reason: 'ErrImagePull', message: 'dial tcp: i/o timeout' }, 150],
  [
    'a registry that does not answer, held back',
    { reason: 'ImagePullBackOff', message: 'Back-off pulling image' },
    150,
  ],
  ['a missing secret', { reason: 'CreateContainerConfigError', message: 'secret "db" not found' }, 60],
  ['a container that cannot be created', { reason: 'CreateContainerError', message: 'no command specified' }, 60],
  ['a container that cannot be run', { reason: 'RunContainerError', message: 'exec format error' }, 60],
  [
    'a container that could not start',
    { state: 'terminated', reason: 'StartError', exitCode: 127, message: 'no such file' },
    60,
  ],
  [
    'a crash loop',
    { reason: 'CrashLoopBackOff', restarts: 1, last: { reason: 'Error', message: 'boom', exitCode: 1 } },
    0,
  ],
  ['two bad ends', { state: 'running', restarts: 2, last: { reason: 'Error', message: 'boom', exitCode: 1 } }, 0],
  [
    'two bad ends, just ended',
    {
      state: 'terminated',
      reason: 'Error',
      restarts: 1,
      exitCode: 2,
      last: { reason: 'Error', message: '', exitCode: 1 },
    },
    0,
  ],
  [
    'a start that the runtime refuses again and again',
    { reason: 'CrashLoopBackOff', restarts: 2, last: { reason: 'StartError', message: '', exitCode: 128 } },
    60,
  ],
  [
    'an init container in a crash loop',
    {
      name: 'wait',
      init: true,
      reason: 'CrashLoopBackOff',
      restarts: 2,
      last: { reason: 'Error', message: '', exitCode: 1 },
    },
    0,
  ],
];

describe('pods that will not come up', () => {
  const withAge = (container: Partial<ContainerObservation>, seconds: number): PodObservation =>
    aBrokenPod(container, { createdAt: now - seconds * second });

  it.each(troubles)('condemn the rollout by %s', (_name, container, age) => {
    expect(judged(aStart([withAge(container, age)])).kind).toBe('failed');
    if (age > 0) expect(judged(aStart([withAge(container, age - 1)])).kind).toBe('progressing');
  });

  it('are told with pod, container, exit code and their own words', () => {
    const container = {
      reason: 'CrashLoopBackOff',
      message: 'back-off 10s',
      restarts: 1,
      last: { reason: 'Error', message: 'no database', exitCode: 3 },
    };
    const verdict = judged(aStart([withAge(container, 4)]));
    expect(failureOf(verdict)).toEqual({
      code: 'SLIP-K8S-1',
      reason: 'CrashLoopBackOff',
      message: 'no database',
      logTells: true,
      pod: 'api-new-1',
      container: 'api',
      exitCode: 3,
    });
    expect(verdict).toMatchObject({
      summary: 'api-new-1/api: CrashLoopBackOff (exit code 3): no database',
    });
  });

  it('condemn the rollout although they count as ready between two crashes', () => {
    const seen = aLook({
      newPods: [aPod({ containers: [aCrashedContainer({ restarts: 2, startedAt: now - second })] })],
    });
    expect(failureOf(judged(seen))).toMatchObject({ reason: 'CrashLoopBackOff', exitCode: 1 });
  });

  it('are told as out of memory when that ended them', () => {
    const container = {
      reason: 'CrashLoopBackOff',
      restarts: 2,
      last: { reason: 'OOMKilled', message: '', exitCode: 137 },
    };
    expect(failureOf(judged(aStart([withAge(container, 4)])))).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
  });

  it.each<[string, PodObservation]>([
    ['one bad end', withAge({ state: 'terminated', reason: 'Error', restarts: 0, exitCode: 1 }, 20)],
    [
      'a restart after a good end',
      withAge({ state: 'running', restarts: 2, last: { reason: 'Completed', message: '', exitCode: 0 } }, 20),
    ],
    [
      "the kubelet's lag in seeing a secret",
      withAge({ reason: 'CreateContainerConfigError', message: 'failed to sync secret cache: timed out' }, 400),
    ],
    [
      'trouble of the runtime',
      withAge({ reason: 'RunContainerError', last: { reason: 'StartError', message: '', exitCode: 128 } }, 400),
    ],
    ['a pod on its way out', aBrokenPod({ reason: 'InvalidImageName' }, { deleting: true })],
    ['a container that is starting', withAge({ reason: 'ContainerCreating' }, 400)],
  ])('do not condemn it by %s', (_name, pod) => {
    expect(judged(aStart([pod, aPod({ name: 'api-new-2' })])).kind).toBe('progressing');
    if (!pod.deleting && pod.reason === '') expect(judged(aStart([pod])).kind).toBe('progressing');
  });

  it.each<[string, Partial<ContainerObservation>, number]>([
    ['an image that cannot be pulled', { reason: 'ImagePullBackOff', message: 'timeout' }, 375],
    ['a missing secret', { reason: 'CreateContainerConfigError', message: 'secret "db" not found' }, 330],
    ['a crash loop', { reason: 'CrashLoopBackOff', restarts: 6, last: badEnd }, 300],
    ['an image that this node does not have', { reason: 'ErrImageNeverPull' }, 300],
    ['a name that is no image name', { reason: 'InvalidImageName' }, 0],
  ])('condemn it alone among good ones half-way to the end of the time: by %s', (_name, container, age) => {
    const beside = (seconds: number) => aStart([aPod({ name: 'api-new-2' }), withAge(container, seconds)]);
    expect(judged(beside(age)).kind).toBe('failed');
    if (age > 0) expect(judged(beside(age - 1)).kind).toBe('progressing');
  });

  it('leave a rollout going when one bad node has one of them, and are told', () => {
    const stuck = withAge({ reason: 'ImagePullBackOff', message: 'timeout' }, 374);
    const verdict = judged(aStart([aPod({ name: 'api-new-2' }), stuck]));
    expect(verdict).toMatchObject({ kind: 'progressing', summary: expect.stringContaining('timeout') });
  });

  it('are told from the first look on, long before they count', () => {
    const absent = withAge({ reason: 'ErrImagePull', message: 'shop/api: not found' }, 1);
    expect(judged(aStart([absent]))).toMatchObject({
      kind: 'progressing',
      summary: '1 of 2 pods are of the new version (aaaaaaaaaaaa); api-new-1/api ErrImagePull: shop/api: not found',
    });
  });

  it('are counted from when they had a node, their init containers were done, and something failed first', () => {
    const failing = { reason: 'ErrImagePull', message: 'timeout' };
    const [created, later] = [now - 400 * second, now - 149 * second];
    const since = (over: Partial<PodObservation>) => judged(aStart([{ ...withAge(failing, 400), ...over }])).kind;
    expect(since({})).toBe('failed');
    expect(since({ scheduledAt: later })).toBe('progressing');
    expect(since({ scheduledAt: created, initializedAt: later })).toBe('progressing');
    const warnings = [aWarning('Failed to pull image: timeout', { reason: 'Failed', firstAt: later, count: 4 })];
    expect(judged(aStart([withAge(failing, 400)], { warnings })).kind).toBe('progressing');
  });
});

describe('pods that their nodes send away', () => {
  const reasons = ['OutOfcpu', 'OutOfmemory', 'OutOfpods', 'NodeAffinity', 'UnexpectedAdmissionError', 'Evicted'];
  const more = ['Preempting', 'NodeShutdown', 'Terminated', 'TopologyAffinityError', 'a reason of tomorrow'];
  const sentAway = (reason: string, age: number, over: Partial<PodObservation> = {}) =>
    aPod({ phase: 'Failed', reason, ready: false, containers: [], createdAt: now - age * second, ...over });

  it.each([...reasons, ...more])('are replaced by the ReplicaSet and waited for: %s', (reason) => {
    const words = expect.stringContaining(`api-new-1 was sent away by its node: ${reason}`);
    expect(judged(aStart([sentAway(reason, 300)]))).toMatchObject({ kind: 'progressing', summary: words });
    const next = aPod({ name: 'api-new-2', phase: 'Pending', ready: false, containers: [] });
    expect(judged(aStart([sentAway(reason, 900), next])).kind).toBe('progressing');
  });

  it('do not keep a rollout from being complete when their successors run', () => {
    const seen = aLook();
    seen.newPods.push(sentAway('Evicted', 30, { name: 'api-new-0' }));
    expect(judged(seen).kind).toBe('complete');
  });

  it('do not hide that all the others crash', () => {
    const container = { reason: 'CrashLoopBackOff', restarts: 1, last: badEnd };
    const crashing = aBrokenPod(container, { name: 'api-new-2' });
    expect(failureOf(judged(aStart([sentAway('Evicted', 30), crashing])))).toMatchObject({ pod: 'api-new-2' });
  });

  it('condemn it when every one has been, for as long as finding a node may take', () => {
    const message = 'Pod was rejected: Allocate failed due to no healthy devices';
    const last = sentAway('UnexpectedAdmissionError', 5, { name: 'api-new-9', message });
    expect(judged(aStart([sentAway('OutOfcpu', 449), last])).kind).toBe('progressing');
    expect(failureOf(judged(aStart([sentAway('OutOfcpu', 450), last])))).toEqual({
      code: 'SLIP-K8S-20',
      reason: 'UnexpectedAdmissionError',
      message,
      pod: 'api-new-9',
    });
  });
});

describe('pods that find no node', () => {
  const waitingFor = (seconds: number): RolloutObservation =>
    aStart([
      aPod({
        phase: 'Pending',
        ready: false,
        containers: [],
        unschedulable: { message: '0/3 nodes are available: 3 Insufficient cpu.', since: now - seconds * second },
      }),
    ]);

  it('are mentioned after 15 seconds', () => {
    expect(judged(waitingFor(14))).toMatchObject({
      kind: 'progressing',
      summary: expect.not.stringContaining('Insufficient'),
    });
    expect(judged(waitingFor(15))).toMatchObject({
      kind: 'progressing',
      summary: expect.stringContaining('Insufficient cpu'),
    });
  });

  it('condemn the rollout after three quarters of its time, because an autoscaler needs minutes', () => {
    expect(judged(waitingFor(449)).kind).toBe('progressing');
    expect(failureOf(judged(waitingFor(450)))).toMatchObject({
      reason: 'Unschedulable',
      message: expect.stringContaining('Insufficient cpu'),
    });
  });
});
