import { describe, expect, it } from '@jest/globals';
import { blameOfCause, rolloutCodes } from '../../domain/rollout-cause.ts';
import type {
  ContainerObservation,
  PodObservation,
  RolloutObservation,
  WarningObservation,
} from '../../domain/rollout-observation.ts';
import {
  aBrokenPod,
  aCondition,
  aContainer,
  aDeployment,
  aLook,
  aPod,
  aStart,
  aWarning,
  failureOf,
  judged,
  now,
  second,
  target,
} from './rollout-builders.ts';

const old = now - 590 * second;
const waiting = (reason: string, message: string): PodObservation =>
  aBrokenPod({ reason, message }, { createdAt: old });
const nowhere = aPod({
  phase: 'Pending',
  ready: false,
  containers: [],
  createdAt: old,
  unschedulable: { message: '0/3 nodes are available: 3 Insufficient cpu.', since: old },
});

/** The pods of a new ReplicaSet may not be made, since before the write. */
function refusedFor(message: string): RolloutObservation {
  const conditions = [aCondition('ReplicaFailure', 'True', 'FailedCreate', { message, lastUpdate: 0 })];
  const newReplicaSet = { name: 'api-new', wanted: 2, generation: 1, observedGeneration: 1, conditions };
  return aStart([], { at: target.appliedAt + 61 * second, newReplicaSet });
}

describe('whose fault it is that a rollout does not come up', () => {
  it.each<[string, RolloutObservation, string, string]>([
    ['a quota', refusedFor('pods "x" is forbidden: exceeded quota: compute'), 'SLIP-K8S-8', 'operator'],
    [
      'an admission policy',
      refusedFor('admission webhook "policy.test" denied the request: no'),
      'SLIP-K8S-8',
      'operator',
    ],
    [
      'an admission webhook that is away',
      refusedFor('Internal error occurred: failed calling webhook "policy.test": connection refused'),
      'SLIP-K8S-20',
      'world',
    ],
    ['no node', aStart([nowhere]), 'SLIP-K8S-20', 'world'],
    [
      'a registry that is away',
      aStart([waiting('ImagePullBackOff', '503 Service Unavailable')]),
      'SLIP-K8S-18',
      'world',
    ],
    [
      'a login that is missing',
      aStart([waiting('ErrImagePull', 'no basic auth credentials')]),
      'SLIP-K8S-19',
      'operator',
    ],
    ['an image that is not there', aStart([waiting('ErrImagePull', 'api: not found')]), 'SLIP-K8S-1', 'release'],
    ['an image that must not be pulled', aStart([waiting('ErrImageNeverPull', '')]), 'SLIP-K8S-22', 'operator'],
    [
      'a Secret that is not there',
      aStart([waiting('CreateContainerConfigError', 'secret "db" not found')]),
      'SLIP-K8S-22',
      'operator',
    ],
    [
      'an image that runs as root where nobody may',
      aStart([waiting('CreateContainerConfigError', 'container has runAsNonRoot and image will run as root')]),
      'SLIP-K8S-1',
      'release',
    ],
    [
      'nodes that send every pod away',
      aStart([aPod({ phase: 'Failed', reason: 'OutOfcpu', ready: false, containers: [], createdAt: old })]),
      'SLIP-K8S-20',
      'world',
    ],
    [
      'a crash loop',
      aStart([aBrokenPod({ reason: 'CrashLoopBackOff', restarts: 2 }, { createdAt: old })]),
      'SLIP-K8S-1',
      'release',
    ],
  ])('is told by its code: %s', (_name, seen, code, blame) => {
    const cause = failureOf(judged(seen));
    expect(cause).toMatchObject({ code });
    expect(blameOfCause(cause as { code: 'SLIP-K8S-1' })).toBe(blame);
  });

  it('is read from the events where the kubelet only says that it holds back', () => {
    const message = 'Failed to pull image "api": unexpected status: 503 Service Unavailable';
    const tried = aWarning(message, { reason: 'Failed', firstAt: old });
    const [held, said] = ['Back-off pulling image "api"', 'Failed to pull image "api": api: not found'];
    const seen = aStart([waiting('ImagePullBackOff', held)], { warnings: [tried] });
    expect(failureOf(judged(seen))).toMatchObject({ code: rolloutCodes.registryAway });
    seen.warnings = [{ ...tried, message: said }];
    expect(failureOf(judged(seen))).toMatchObject({ code: rolloutCodes.itself });
  });

  it('is not the release where one pod of ten cannot find the image that the others run', () => {
    const stuck = { ...waiting('ImagePullBackOff', 'api: not found'), name: 'api-new-9' };
    expect(failureOf(judged(aStart([aPod(), stuck])))).toMatchObject({ pod: 'api-new-9', code: 'SLIP-K8S-18' });
  });

  it('is the release where those that found a node crash', () => {
    const crashing = aBrokenPod({ reason: 'CrashLoopBackOff', restarts: 9 }, { name: 'api-new-2', createdAt: old });
    expect(failureOf(judged(aStart([nowhere, crashing])))).toMatchObject({ pod: 'api-new-2', code: 'SLIP-K8S-1' });
  });

  it.each<[string, Partial<ContainerObservation>, string]>([
    ['ran, and was slow', { state: 'running' }, 'SLIP-K8S-1'],
    ['was never begun', { state: 'waiting', reason: 'ContainerCreating' }, 'SLIP-K8S-20'],
  ])('is told at the end of the time where nobody says anything: a container that %s', (_name, container, code) => {
    const pod = aPod({ ready: false, containers: [aContainer({ ready: false, ...container })] });
    const cause = failureOf(judged(aStart([pod], { at: target.deadline })));
    expect(cause).toMatchObject({ reason: 'DeadlineExceeded', code });
  });

  it('is the cluster where its controller has not even seen the change when the time is over', () => {
    const seen = aLook({ at: target.deadline, deployment: aDeployment({ observedGeneration: 6 }), newPods: [] });
    expect(failureOf(judged(seen))).toMatchObject({
      code: 'SLIP-K8S-20',
      message: expect.stringContaining('not seen'),
    });
  });
});

describe('a Deployment that somebody has paused', () => {
  it('is told at the first look, as what its operator has to end, whether it is deployed to or rolled back', () => {
    const seen = aLook({ deployment: aDeployment({ paused: true }) });
    expect(failureOf(judged(seen))).toEqual({
      code: 'SLIP-K8S-21',
      reason: 'Paused',
      message: 'the Deployment is paused: nothing happens until somebody resumes it',
    });
    expect(blameOfCause({ code: 'SLIP-K8S-21' })).toBe('operator');
  });
});

describe('a Deployment whose pods count as available only after a time', () => {
  const counting = (minReadySeconds: number, available = 0) =>
    aLook({ deployment: aDeployment({ minReadySeconds, available }) });

  it('contradicts the time that the rollout has, when it is as long: told at once, to its operator', () => {
    expect(failureOf(judged(counting(600)))).toEqual({
      code: 'SLIP-K8S-23',
      reason: 'MinReadySeconds',
      message: 'pods count as available after 600 s, and the rollout has 600 s',
    });
    expect(blameOfCause({ code: 'SLIP-K8S-23' })).toBe('operator');
  });

  it('is waited for when it is shorter, and believed once it is over, however long it was', () => {
    expect(judged(counting(599)).kind).toBe('progressing');
    expect(judged(counting(900, 2)).kind).toBe('complete');
  });

  it('is what took the time when all pods are ready at its end', () => {
    const seen = { ...counting(400, 1), at: target.deadline };
    expect(failureOf(judged(seen))).toMatchObject({ code: 'SLIP-K8S-23' });
  });
});

describe('a pod that a node has, and whose containers cannot begin', () => {
  const creating = (seconds: number) =>
    aBrokenPod({ reason: 'ContainerCreating' }, { createdAt: old, scheduledAt: now - seconds * second });
  const event = (reason: string, message: string, over: Partial<WarningObservation> = {}): WarningObservation => {
    const { container: _, ...warning } = aWarning(message, { reason, firstAt: old, ...over });
    return warning;
  };
  const missing = event('FailedMount', 'MountVolume.SetUp failed for volume "db" : secret "db" not found');
  const slow = event('FailedMount', 'Unable to attach or mount volumes: timed out waiting for the condition');
  const sandbox = event('FailedCreatePodSandBox', 'Failed to create pod sandbox: plugin type="cni" failed');

  it.each<[string, WarningObservation[], number, string, string]>([
    [
      'a Secret that is not there, as soon as others of that kind',
      [missing],
      60,
      'SLIP-K8S-22',
      'secret "db" not found',
    ],
    ['a Secret that is not there, among words of time', [slow, missing], 60, 'SLIP-K8S-22', 'secret "db" not found'],
    ['a volume that does not come, as late as a node', [slow], 450, 'SLIP-K8S-20', 'timed out'],
    ['a network that does not come', [sandbox], 450, 'SLIP-K8S-20', 'cni'],
  ])('is told with the words of the event: %s', (_name, warnings, seconds, code, words) => {
    const message = expect.stringContaining(words);
    const early = judged(aStart([creating(seconds - 1)], { warnings }));
    expect(early).toMatchObject({ kind: 'progressing', summary: message });
    expect(failureOf(judged(aStart([creating(seconds)], { warnings })))).toMatchObject({
      code,
      message,
      pod: 'api-new-1',
    });
  });

  it.each<[string, WarningObservation[], PodObservation]>([
    ['is over', [{ ...missing, lastAt: now - 151 * second }], creating(500)],
    ['is about an earlier pod of that name', [{ ...missing, uid: 'p0' }], creating(500)],
    ["is the kubelet's own lag", [event('FailedMount', 'failed to sync secret cache: timed out')], creating(500)],
    ['was got over, as the image is being pulled', [missing], aBrokenPod({ reason: 'ErrImagePull' })],
  ])('is not held up by what %s', (_name, warnings, pod) => {
    expect(judged(aStart([pod], { warnings })).kind).toBe('progressing');
  });
});

describe('a pod that is well, and whose readiness gate is not', () => {
  const behind = (message: string, seconds: number) =>
    aStart([aPod({ ready: false, gate: { message, since: now - seconds * second } })]);
  const unset = 'corresponding condition of pod readiness gate "lb.test/healthy" does not exist.';
  const closed = 'the status of pod readiness gate "lb.test/healthy" is not "True", but False';

  it('is told early where nobody sets the gate at all', () => {
    expect(judged(behind(unset, 59))).toMatchObject({ summary: expect.stringContaining('lb.test/healthy') });
    expect(failureOf(judged(behind(unset, 60)))).toMatchObject({ code: 'SLIP-K8S-22', message: unset });
  });

  it('is waited for as long as for a node where somebody says no', () => {
    expect(judged(behind(closed, 449)).kind).toBe('progressing');
    expect(failureOf(judged(behind(closed, 450)))).toMatchObject({ code: 'SLIP-K8S-20', message: closed });
  });
});
