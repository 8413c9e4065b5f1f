import { describe, expect, it } from '@jest/globals';
import type {
  ConditionObservation,
  ContainerObservation,
  DeploymentObservation,
  PodObservation,
  RolloutObservation,
} from '../../domain/rollout-observation.ts';
import { evaluateRollout, type RolloutTarget, type RolloutVerdict } from '../../domain/rollout.ts';

const now = 1_800_000_000_000;
const second = 1_000;
const approved = `registry.test/shop/api@sha256:${'a'.repeat(64)}`;
const other = `registry.test/shop/api@sha256:${'b'.repeat(64)}`;

const target: RolloutTarget = {
  uid: 'u1',
  generation: 7,
  appliedAt: now - 20 * second,
  images: { api: approved },
  deadline: now + 600 * second,
};

const finished: ConditionObservation[] = [
  aCondition('Progressing', 'True', 'NewReplicaSetAvailable'),
  aCondition('Available', 'True', 'MinimumReplicasAvailable'),
];

function aCondition(
  type: string,
  status: string,
  reason: string,
  over: Partial<ConditionObservation> = {},
): ConditionObservation {
  return { type, status, reason, message: '', lastUpdate: now - 5 * second, ...over };
}

function aContainer(over: Partial<ContainerObservation> = {}): ContainerObservation {
  return {
    name: 'api',
    init: false,
    image: approved,
    imageId: approved,
    ready: true,
    restarts: 0,
    state: 'running',
    reason: '',
    message: '',
    ...over,
  };
}

/** Ready again after one bad end: without a readiness probe that takes no more than to run. */
function aCrashedContainer(over: Partial<ContainerObservation> = {}): ContainerObservation {
  return aContainer({ restarts: 1, last: { reason: 'Error', message: '', exitCode: 1 }, ...over });
}

function aPod(over: Partial<PodObservation> = {}): PodObservation {
  return {
    name: 'api-new-1',
    phase: 'Running',
    reason: '',
    deleting: false,
    createdAt: now - 10 * second,
    ready: true,
    containers: [aContainer()],
    ...over,
  };
}

/** A pod whose one container does not run. */
function aBrokenPod(container: Partial<ContainerObservation>, over: Partial<PodObservation> = {}): PodObservation {
  return aPod({
    ready: false,
    phase: 'Pending',
    containers: [aContainer({ ready: false, state: 'waiting', imageId: '', ...container })],
    ...over,
  });
}

/** Two pods of two, everything done. */
function aDeployment(over: Partial<DeploymentObservation> = {}): DeploymentObservation {
  return {
    uid: 'u1',
    generation: 7,
    observedGeneration: 7,
    deleting: false,
    paused: false,
    images: { api: approved },
    wanted: 2,
    replicas: 2,
    updated: 2,
    ready: 2,
    available: 2,
    progressDeadlineSeconds: 600,
    conditions: finished,
    ...over,
  };
}

function aLook(over: Partial<RolloutObservation> & { deployment?: DeploymentObservation } = {}): RolloutObservation {
  return {
    at: now,
    deployment: aDeployment(),
    newReplicaSet: { name: 'api-new', wanted: 2, generation: 1, observedGeneration: 1, conditions: [] },
    newPods: [aPod(), aPod({ name: 'api-new-2' })],
    oldPods: 0,
    warnings: [],
    ...over,
  };
}

/** One new pod beside two old ones: what a rollout with surge looks like at its beginning. */
function aStart(newPods: PodObservation[], over: Partial<RolloutObservation> = {}): RolloutObservation {
  const deployment = aDeployment({
    replicas: 3,
    updated: newPods.length,
    ready: 2,
    available: 2,
    conditions: [aCondition('Progressing', 'True', 'ReplicaSetUpdated'), finished[1]!],
  });
  return aLook({ deployment, newPods, oldPods: 2, ...over });
}

function judged(seen: RolloutObservation, over: Partial<RolloutTarget> = {}): RolloutVerdict {
  return evaluateRollout(seen, { ...target, ...over });
}

function failureOf(verdict: RolloutVerdict): unknown {
  return verdict.kind === 'failed' ? verdict.cause : verdict;
}

describe('the end of a rollout', () => {
  it('is complete when all pods are new, available and of the approved digest', () => {
    expect(judged(aLook())).toEqual({
      kind: 'complete',
      summary: '2 of 2 pods run the new version',
      counts: { wanted: 2, updated: 2, ready: 2, available: 2, old: 0 },
    });
  });

  it.each<[string, RolloutObservation]>([
    ['the autoscaler has written since', aLook({ deployment: aDeployment({ generation: 9, observedGeneration: 9 }) })],
    ['the deadline has passed meanwhile', aLook({ at: target.deadline + second })],
    ['the controller reports no progress at all', aLook({ deployment: aDeployment({ conditions: [] }) })],
    [
      'pods restarted long ago and are ready',
      aLook({
        newPods: [
          aPod({ containers: [aContainer({ restarts: 9, last: { reason: 'Error', message: '', exitCode: 1 } })] }),
        ],
      }),
    ],
    [
      'the runtime writes a scheme before the digest',
      aLook({ newPods: [aPod({ containers: [aContainer({ imageId: `docker-pullable://${approved}` })] })] }),
    ],
    [
      'another container has no digest to compare',
      aLook({ newPods: [aPod({ containers: [aContainer(), aContainer({ name: 'mesh', imageId: 'x' })] })] }),
    ],
    [
      'a pod of another digest is on its way out',
      aLook({ newPods: [aPod(), aPod({ deleting: true, containers: [aContainer({ imageId: other })] })] }),
    ],
  ])('is complete although %s', (_name, seen) => {
    expect(judged(seen).kind).toBe('complete');
  });

  it.each<[string, RolloutObservation, RegExp]>([
    [
      'the write is not visible yet',
      aLook({ deployment: aDeployment({ generation: 6, observedGeneration: 6, images: { api: other } }) }),
      /not seen/,
    ],
    ['the controller has not seen it', aLook({ deployment: aDeployment({ observedGeneration: 6 }) }), /not seen/],
    ['the Deployment is paused', aLook({ deployment: aDeployment({ paused: true }) }), /paused/],
    [
      'there is no new ReplicaSet',
      aLook({ newReplicaSet: undefined as never, newPods: [] }),
      /ReplicaSet is not there/,
    ],
    ['pods are missing', aLook({ deployment: aDeployment({ updated: 1 }) }), /1 of 2 pods are of the new version/],
    ['old pods serve', aLook({ deployment: aDeployment({ replicas: 3 }) }), /1 pods of the old version/],
    ['old pods are still listed', aLook({ oldPods: 1 }), /1 pods of the old version/],
    ['pods are not available', aLook({ deployment: aDeployment({ available: 1 }) }), /1 of 2 new pods are available/],
    ['pods are not ready', aLook({ deployment: aDeployment({ ready: 1 }) }), /1 of 2 pods are ready/],
    [
      'the ReplicaSet is behind',
      aLook({ newReplicaSet: { name: 'n', wanted: 2, generation: 2, observedGeneration: 1, conditions: [] } }),
      /at its size/,
    ],
    [
      'the ReplicaSet has another size',
      aLook({ newReplicaSet: { name: 'n', wanted: 1, generation: 1, observedGeneration: 1, conditions: [] } }),
      /at its size/,
    ],
    [
      'the controller does not say so',
      aLook({ deployment: aDeployment({ conditions: [aCondition('Progressing', 'True', 'ReplicaSetUpdated')] }) }),
      /ReplicaSetUpdated/,
    ],
    [
      'the controller says unavailable',
      aLook({
        deployment: aDeployment({ conditions: [aCondition('Available', 'False', 'MinimumReplicasUnavailable')] }),
      }),
      /Unavailable/,
    ],
    [
      'a pod does not tell its digest',
      aLook({ newPods: [aPod({ containers: [aContainer({ imageId: '' })] })] }),
      /which image it runs/,
    ],
  ])('is not there while %s', (_name, seen, words) => {
    const verdict = judged(seen);
    expect(verdict).toMatchObject({ kind: 'progressing', summary: expect.stringMatching(words) });
  });

  it('fails when a pod runs another digest than the approved one', () => {
    const seen = aLook({
      newPods: [aPod(), aPod({ name: 'api-new-2', containers: [aContainer({ imageId: other })] })],
    });
    expect(failureOf(judged(seen))).toMatchObject({
      reason: 'OtherDigest',
      pod: 'api-new-2',
      container: 'api',
      message: expect.stringContaining(other),
    });
  });

  it('is never a success when the Deployment is scaled to zero', () => {
    const seen = aLook({
      deployment: aDeployment({ wanted: 0, replicas: 0, updated: 0, ready: 0, available: 0 }),
      newPods: [],
    });
    expect(failureOf(judged(seen))).toMatchObject({ reason: 'ScaledToZero' });
  });

  it('fails at the deadline and says what was missing, and where', () => {
    const slow = aPod({ ready: false, containers: [aContainer({ ready: false })] });
    const verdict = judged(aStart([slow]), { deadline: now });
    expect(failureOf(verdict)).toMatchObject({
      reason: 'DeadlineExceeded',
      pod: 'api-new-1',
      container: 'api',
      message: '1 of 2 pods are of the new version',
    });
  });
});

describe('a Deployment in other hands', () => {
  it('is superseded when somebody has set another image', () => {
    const verdict = judged(aLook({ deployment: aDeployment({ generation: 8, images: { api: other } }) }));
    expect(verdict).toMatchObject({ kind: 'superseded', images: { api: other } });
  });

  it.each<[string, RolloutObservation]>([
    ['is not there', { at: now, newPods: [], oldPods: 0, warnings: [] }],
    ['was made anew', aLook({ deployment: aDeployment({ uid: 'u2' }) })],
    ['is being deleted', aLook({ deployment: aDeployment({ deleting: true }) })],
  ])('is gone when it %s', (_name, seen) => {
    expect(judged(seen).kind).toBe('gone');
  });
});

describe("the controller's own deadline", () => {
  const exceeded = (over: Partial<ConditionObservation>): RolloutObservation =>
    aStart([aPod({ ready: false, containers: [aContainer({ ready: false })] })], {
      deployment: aDeployment({
        replicas: 3,
        updated: 1,
        available: 2,
        conditions: [
          aCondition('Progressing', 'False', 'ProgressDeadlineExceeded', {
            message: 'ReplicaSet "api-new" has timed out progressing.',
            ...over,
          }),
        ],
      }),
    });

  it('fails the rollout and names the pod that held it up', () => {
    expect(failureOf(judged(exceeded({})))).toEqual({
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "api-new" has timed out progressing.',
      pod: 'api-new-1',
      container: 'api',
    });
  });

  it('is not held against a rollback when it was exceeded before the write', () => {
    expect(judged(exceeded({ lastUpdate: target.appliedAt - second })).kind).toBe('progressing');
  });

  it('is not held against a rollback when it names another ReplicaSet', () => {
    expect(judged(exceeded({ message: 'ReplicaSet "api-broken" has timed out progressing.' })).kind).toBe(
      'progressing',
    );
  });
});

describe('pods that may not be created', () => {
  const quota = 'pods "api-new-x" is forbidden: exceeded quota: small';
  const refusedSince = (since: number): RolloutObservation =>
    aStart([], {
      newReplicaSet: {
        name: 'api-new',
        wanted: 2,
        generation: 1,
        observedGeneration: 1,
        conditions: [aCondition('ReplicaFailure', 'True', 'FailedCreate', { message: quota, lastUpdate: since })],
      },
    });

  it('are waited for while a quota may still be freed', () => {
    expect(judged(refusedSince(now - 59 * second), { appliedAt: now - 59 * second }).kind).toBe('progressing');
  });

  it("fail the rollout in the API server's words after a minute", () => {
    expect(failureOf(judged(refusedSince(now - 61 * second), { appliedAt: now - 61 * second }))).toEqual({
      reason: 'FailedCreate',
      message: quota,
    });
  });

  it('are counted from the write when the refusal is older', () => {
    expect(judged(refusedSince(now - 300 * second)).kind).toBe('progressing');
  });

  it('fail the rollout when the ReplicaSet itself is refused', () => {
    const conditions = [aCondition('Progressing', 'False', 'ReplicaSetCreateError', { message: 'admission says no' })];
    const seen = aLook({
      deployment: aDeployment({ updated: 0, conditions }),
      newReplicaSet: undefined as never,
      newPods: [],
    });
    expect(failureOf(judged(seen))).toEqual({ reason: 'ReplicaSetCreateError', message: 'admission says no' });
  });
});

/** Each row: the pod's trouble, and the age in seconds at which it condemns a rollout whose only new pod has it. */
const troubles: [string, Partial<ContainerObservation>, number][] = [
  ['a name that is no image name', { reason: 'InvalidImageName' }, 0],
  ['an image that must not be pulled', { reason: 'ErrImageNeverPull' }, 0],
  [
    'an image that does not exist',
    { reason: 'ErrImagePull', message: 'failed to resolve: registry.test/shop/api: not found' },
    3,
  ],
  [
    'an unknown manifest, held back',
    { reason: 'ImagePullBackOff', message: 'Back-off pulling image: manifest unknown' },
    3,
  ],
  ['an image that may not be pulled', { reason: 'ErrImagePull', message: 'pull access denied' }, 3],
  ['a registry that does not answer', { reason: 'ErrImagePull', message: 'dial tcp: i/o timeout' }, 90],
  ['a registry that does not answer, held back', { reason: 'ImagePullBackOff', message: 'Back-off pulling image' }, 90],
  ['a missing secret', { reason: 'CreateContainerConfigError', message: 'secret "db" not found' }, 30],
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
      reason: 'CrashLoopBackOff',
      message: 'back-off 10s; no database',
      pod: 'api-new-1',
      container: 'api',
      exitCode: 3,
    });
    expect(verdict).toMatchObject({
      summary: 'api-new-1/api: CrashLoopBackOff (exit code 3): back-off 10s; no database',
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
    ['a pod evicted by its node', aBrokenPod({ reason: 'InvalidImageName' }, { phase: 'Failed', reason: 'Evicted' })],
    ['a pod on its way out', aBrokenPod({ reason: 'InvalidImageName' }, { deleting: true })],
    ['a container that is starting', withAge({ reason: 'ContainerCreating' }, 400)],
  ])('do not condemn it by %s', (_name, pod) => {
    expect(judged(aStart([pod, aPod({ name: 'api-new-2' })])).kind).toBe('progressing');
    if (!pod.deleting && pod.reason === '') expect(judged(aStart([pod])).kind).toBe('progressing');
  });

  it.each<[string, Partial<ContainerObservation>, number]>([
    ['past twice its grace', { reason: 'ImagePullBackOff', message: 'timeout' }, 180],
    [
      'after four restarts',
      { reason: 'CrashLoopBackOff', restarts: 4, last: { reason: 'Error', message: '', exitCode: 1 } },
      90,
    ],
    ['with a name that never becomes one', { reason: 'InvalidImageName' }, 0],
  ])('condemn it alone only %s', (_name, container, age) => {
    expect(judged(aStart([aPod({ name: 'api-new-2' }), withAge(container, age)])).kind).toBe('failed');
  });

  it('leave a rollout going when one bad node has one of them', () => {
    const stuck = withAge({ reason: 'ImagePullBackOff', message: 'timeout' }, 179);
    const verdict = judged(aStart([aPod({ name: 'api-new-2' }), stuck]));
    expect(verdict).toMatchObject({ kind: 'progressing', summary: expect.stringContaining('timeout') });
  });

  it('condemn it when the pods themselves have failed, all of them', () => {
    const pod = aPod({ phase: 'Failed', reason: 'UnexpectedAdmissionError', ready: false, containers: [] });
    expect(failureOf(judged(aStart([pod])))).toMatchObject({ reason: 'UnexpectedAdmissionError', pod: 'api-new-1' });
    expect(judged(aStart([pod, aPod({ name: 'api-new-2' })])).kind).toBe('progressing');
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

  it('condemn the rollout after five minutes, because an autoscaler needs some', () => {
    expect(judged(waitingFor(299)).kind).toBe('progressing');
    expect(failureOf(judged(waitingFor(300)))).toMatchObject({
      reason: 'Unschedulable',
      message: expect.stringContaining('Insufficient cpu'),
    });
  });
});
