import { describe, expect, it } from '@jest/globals';
import { deadlineOf } from '../../domain/rollout-deadline.ts';
import type { PodObservation } from '../../domain/rollout-observation.ts';
import { evaluateRollout } from '../../domain/rollout.ts';
import { aCondition, aContainer, aDeployment, aLook, aPod, now, second, target } from './rollout-builders.ts';

const minute = 60 * second;
const hour = 60 * minute;
/** Ten minutes in all; what passes is told from what stays in 15 s. */
const rollout = { timeoutMs: 10 * minute };

interface Watch {
  /** How long after the write this try first looks. */
  begins: number;
  looked?: number;
  repeated?: boolean;
}

/** How long after the write the rollout may take. */
function timeOf({ begins, looked = 0, repeated = false }: Watch): number {
  return deadlineOf({ appliedAt: now, repeated }, { at: now + begins, lookedMs: looked }, rollout) - now;
}

describe('the time that a rollout has', () => {
  it.each<[string, Watch, number]>([
    ['is its own, for a watch that begins at once', { begins: 0 }, 10 * minute],
    [
      'is its own still, for a watch that lost its worker and goes on',
      { begins: 4 * minute, looked: 4 * minute },
      10 * minute,
    ],
    ['is whole for a watch that no worker took for an hour', { begins: hour }, hour + 10 * minute],
    [
      'is what was left, for one that looked for a while, and then waited for a worker for an hour',
      { begins: hour + 4 * minute, looked: 4 * minute },
      hour + 10 * minute,
    ],
    [
      'is a moment, for one that has looked for as long as it may',
      { begins: hour, looked: 10 * minute },
      hour + 15 * second,
    ],
    ['is a moment, for one that has looked for longer than it may', { begins: hour, looked: hour }, hour + 15 * second],
    ['is its own, for a write that was found again soon after', { begins: minute, repeated: true }, 10 * minute],
    [
      'is a moment, for a write that was found again after its time: it has been watched before',
      { begins: hour, repeated: true },
      hour + 15 * second,
    ],
  ])('%s', (_what, watch, time) => {
    expect(timeOf(watch)).toBe(time);
  });

  it('is over when it was looked at for so long, however often its watch loses its worker and waits for another', () => {
    let looked = 0;
    for (let begins = hour; ; begins += hour, looked += minute) {
      const left = timeOf({ begins, looked }) - begins;
      expect(left).toBe(10 * minute - looked);
      if (left <= minute) break;
    }
    expect(looked).toBe(9 * minute);
  });
});

describe('a Deployment that an autoscaler has made larger since the write', () => {
  const atWrite = { ...target, wanted: 2 };
  const late = (at: number, newPods: PodObservation[]) => {
    const conditions = [aCondition('Progressing', 'True', 'ReplicaSetUpdated')];
    const deployment = aDeployment({ wanted: 3, updated: 3, replicas: 3, available: 2, conditions });
    return evaluateRollout(aLook({ at, deployment, newPods }), atWrite).kind;
  };
  const ready = [aPod(), aPod({ name: 'api-new-2' })];
  const { deadline } = target;
  const coming = (createdAt: number) =>
    aPod({ name: 'api-new-3', createdAt, ready: false, containers: [aContainer({ ready: false })] });

  it('gives the pods that came on top the time of a rollout, from when they were made', () => {
    const third = coming(deadline - 10 * second);
    expect(late(deadline, [...ready, third])).toBe('progressing');
    expect(late(deadline + 589 * second, [...ready, third])).toBe('progressing');
    expect(late(deadline + 590 * second, [...ready, third])).toBe('failed');
  });

  it('waits a moment for those that were asked for just now', () => {
    expect(late(deadline + 59 * second, ready)).toBe('progressing');
    expect(late(deadline + 60 * second, ready)).toBe('failed');
  });

  it('ends, however often pods are made anew, when the time has passed once more', () => {
    expect(late(deadline + 600 * second, [...ready, coming(deadline + 599 * second)])).toBe('failed');
  });

  it('has no more time while what was asked for at the write is not ready', () => {
    expect(late(deadline, [ready[0]!, coming(deadline - second)])).toBe('failed');
  });
});
