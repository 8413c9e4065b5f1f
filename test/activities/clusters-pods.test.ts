import { describe, expect, it } from '@jest/globals';
import type { V1Pod, V1PodCondition } from '@kubernetes/client-node';
import { podObservation } from '../../activities/shared/cluster-pods.ts';

const [made, ready] = [new Date('2026-01-01T12:00:00Z'), new Date('2026-01-01T12:05:00Z')];

describe('a pod as the API server tells it', () => {
  const gate = 'corresponding condition of pod readiness gate "lb.test/healthy" does not exist.';
  const behind = (reason: string, ...more: V1PodCondition[]): V1Pod => ({
    metadata: { name: 'api-1', creationTimestamp: made },
    status: {
      conditions: [{ type: 'Ready', status: 'False', reason, message: gate, lastTransitionTime: made }, ...more],
    },
  });
  const containersReady = { type: 'ContainersReady', status: 'True', lastTransitionTime: ready };

  it('waits for its readiness gate from when its containers were ready, in the words of the kubelet', () => {
    const { gate: seen } = podObservation(behind('ReadinessGatesNotReady', containersReady));
    expect(seen).toEqual({ message: gate, since: ready.getTime() });
  });

  it('waits for no gate while its containers are not ready', () => {
    expect(podObservation(behind('ContainersNotReady'))).not.toHaveProperty('gate');
  });
});
