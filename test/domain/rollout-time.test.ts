import { describe, expect, it } from '@jest/globals';
import type { ContainerObservation, RolloutObservation } from '../../domain/rollout-observation.ts';
import { patienceOf } from '../../domain/rollout-patience.ts';
import { evaluateRollout, type RolloutTarget } from '../../domain/rollout.ts';
import { aContainer, aDeployment, aLook, aPod, aStart, now, second, target } from './rollout-builders.ts';

const badEnd = { reason: 'Error', message: '', exitCode: 1 };
const appliedAt = now;
const tenMinutes: RolloutTarget = { ...target, appliedAt, deadline: now + 600 * second };

/** What a rollout of one pod looks like so many seconds after the write. */
function after(seconds: number, container: Partial<ContainerObservation>, createdAt = now): RolloutObservation {
  const one = aContainer(container);
  const pod = aPod({ createdAt, ready: one.ready, phase: one.state === 'running' ? 'Running' : 'Pending' });
  pod.containers = [one];
  const at = now + seconds * second;
  if (!one.ready) return aStart([pod], { at });
  const deployment = aDeployment({ wanted: 1, replicas: 1, updated: 1, ready: 1, available: 1 });
  const newReplicaSet = { name: 'api-new', wanted: 1, generation: 1, observedGeneration: 1, conditions: [] };
  return aLook({ at, deployment, newReplicaSet, newPods: [pod] });
}

const waits = (reason: string, message = ''): Partial<ContainerObservation> => ({
  state: 'waiting',
  ready: false,
  reason,
  message,
});
const runs = (sinceSecond: number, over: Partial<ContainerObservation> = {}): Partial<ContainerObservation> => ({
  startedAt: now + sinceSecond * second,
  ...over,
});
const ended = (restarts: number): Partial<ContainerObservation> => ({
  state: 'terminated',
  ready: false,
  reason: 'Error',
  exitCode: 1,
  restarts,
  ...(restarts > 0 && { last: badEnd }),
});

/** What is seen of the rollout, second by second, and the verdicts that follow from it. */
type Course = [seconds: number, seen: Partial<ContainerObservation>, verdict: string][];

const unprobed = { probed: false };
const courses: [string, Course][] = [
  [
    'an image that the registry has only after 6 s',
    [
      [1, waits('ErrImagePull', 'manifest unknown'), 'progressing'],
      [6, waits('ImagePullBackOff', 'Back-off pulling image'), 'progressing'],
      [12, waits('ImagePullBackOff', 'Back-off pulling image'), 'progressing'],
      [14, runs(13), 'complete'],
    ],
  ],
  [
    'a container that fails once and then stays up',
    [
      [3, ended(0), 'progressing'],
      [5, runs(4, { restarts: 1, last: badEnd }), 'progressing'],
      [18, runs(4, { restarts: 1, last: badEnd }), 'progressing'],
      [19, runs(4, { restarts: 1, last: badEnd }), 'complete'],
    ],
  ],
  [
    'a container without a probe that stays up',
    [
      [1, runs(0, unprobed), 'progressing'],
      [14, runs(0, unprobed), 'progressing'],
      [15, runs(0, unprobed), 'complete'],
    ],
  ],
  [
    'a container without a probe that is ready and dead 4 s later, again and again',
    [
      [1, runs(0, unprobed), 'progressing'],
      [3, runs(0, unprobed), 'progressing'],
      [4, { ...ended(0), ...unprobed }, 'progressing'],
      [5, runs(4, { ...unprobed, restarts: 1, last: badEnd }), 'progressing'],
      [8, { ...ended(1), ...unprobed }, 'failed'],
    ],
  ],
  [
    'a crash loop of every pod, within seconds',
    [
      [1, ended(0), 'progressing'],
      [2, { ...waits('CrashLoopBackOff', 'back-off 10s'), restarts: 1, last: badEnd }, 'failed'],
    ],
  ],
];

describe('a rollout seen from its beginning', () => {
  it.each(courses)('judges rightly at every second: %s', (_name, course) => {
    for (const [seconds, container, verdict] of course) {
      const { kind } = evaluateRollout(after(seconds, container), tenMinutes);
      expect([seconds, kind]).toEqual([seconds, verdict]);
    }
  });

  it('is verified when a node is added after 301 s', () => {
    const unschedulable = { message: '0/3 nodes are available: 3 Insufficient cpu.', since: now };
    const pod = aPod({ createdAt: now, phase: 'Pending', ready: false, containers: [], unschedulable });
    const at = now + 301 * second;
    expect(evaluateRollout(aStart([pod], { at }), tenMinutes).kind).toBe('progressing');
    expect(evaluateRollout(after(320, runs(305)), tenMinutes).kind).toBe('complete');
  });

  it('goes on beside a good pod when the other one has crashed twice within 6 s, and is verified when that one stays up', () => {
    const good = aPod({ name: 'api-new-2', createdAt: now });
    const bad = aPod({ createdAt: now, ready: false });
    bad.containers = [aContainer({ ...waits('CrashLoopBackOff'), restarts: 1, last: badEnd })];
    expect(evaluateRollout(aStart([good, bad], { at: now + 6 * second }), tenMinutes).kind).toBe('progressing');
    const well = aPod({ createdAt: now, containers: [aContainer(runs(16, { restarts: 2, last: badEnd }))] });
    const at = now + 31 * second;
    expect(evaluateRollout(aLook({ at, newPods: [good, well] }), tenMinutes).kind).toBe('complete');
  });

  it('is believed at once of pods that have run for long: what is unchanged is not waited for again', () => {
    const long = aPod({ createdAt: now - 900 * second, containers: [aContainer(runs(-890, unprobed))] });
    expect(evaluateRollout(aLook({ newPods: [long, { ...long, name: 'api-new-2' }] }), tenMinutes).kind).toBe(
      'complete',
    );
  });

  it('does not fail at the end of its time when all that is missing is that it stays as it is', () => {
    expect(evaluateRollout(after(605, runs(598, unprobed)), tenMinutes).kind).toBe('progressing');
    expect(evaluateRollout(after(613, runs(598, unprobed)), tenMinutes).kind).toBe('complete');
  });

  it('does not believe a node whose clock is behind: nothing runs longer than its pod is there', () => {
    const pod = aPod({ createdAt: now, containers: [aContainer({ ...unprobed, startedAt: now - 60 * second })] });
    const looks = (seconds: number) =>
      evaluateRollout(aLook({ at: now + seconds * second, newPods: [pod] }), tenMinutes).kind;
    expect([looks(3), looks(15)]).toEqual(['progressing', 'complete']);
  });
});

describe('how long trouble may last', () => {
  it('is in proportion to the time that the rollout has', () => {
    expect(patienceOf({ timeoutMs: 600_000 })).toEqual({
      timeoutMs: 600_000,
      imagePullMs: 150_000,
      schedulingMs: 450_000,
      startMs: 60_000,
      crashMs: 0,
      steadyMs: 15_000,
    });
  });

  it('is what slipway.yaml says of one kind, and in proportion for the others', () => {
    const patience = patienceOf({ timeoutMs: 60_000, patience: { crashMs: 30_000, imagePullMs: 50_000 } });
    expect(patience).toMatchObject({ imagePullMs: 50_000, crashMs: 30_000, schedulingMs: 45_000 });
  });

  it.each([
    [10_000, 5_000],
    [21_600_000, 60_000],
  ])('of %d ms never asks a container to stay up for less than 5 s or more than a minute', (timeoutMs, steadyMs) => {
    expect(patienceOf({ timeoutMs }).steadyMs).toBe(steadyMs);
  });

  it('lets containers crash until what they need is there, where slipway.yaml says so', () => {
    const crashing = (seconds: number) => after(seconds, { ...waits('CrashLoopBackOff'), restarts: 3, last: badEnd });
    const patient = { ...tenMinutes, patience: patienceOf({ timeoutMs: 600_000, patience: { crashMs: 90_000 } }) };
    expect(evaluateRollout(crashing(89), patient).kind).toBe('progressing');
    expect(evaluateRollout(crashing(90), patient).kind).toBe('failed');
    expect(evaluateRollout(after(120, runs(100, { restarts: 4, last: badEnd })), patient).kind).toBe('complete');
  });

  it('of every kind ends before the rollout does, when nothing is said of it', () => {
    for (const timeoutMs of [10_000, 120_000, 600_000, 21_600_000]) {
      const { imagePullMs, schedulingMs, startMs, crashMs } = patienceOf({ timeoutMs });
      expect(Math.max(imagePullMs, schedulingMs, startMs, crashMs)).toBeLessThanOrEqual(0.75 * timeoutMs);
    }
  });
});
