import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createDeploymentImage } from '../../activities/delivery/deployment-image.ts';
import type { Kubernetes } from '../../activities/kubernetes/port.ts';
import type { Look, Seen } from '../../activities/delivery/port.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import type { PodObservation, RolloutObservation } from '../../domain/rollout-observation.ts';
import { aPlannedComponent, aRegion } from '../domain/builders.ts';
import {
  aBrokenPod,
  aCondition,
  aContainer,
  aDeployment,
  aLook,
  aPod,
  approved,
  now,
  second,
} from '../domain/rollout-builders.ts';

const minute = 60 * second;
const twoHours = 120 * minute;
/** Nine pods that have stood for two hours. */
const nine = Array.from({ length: 9 }, (_, n) =>
  aPod({
    name: `api-${n}`,
    uid: `p${n}`,
    createdAt: now - twoHours,
    containers: [aContainer({ startedAt: now - twoHours })],
  }),
);

/** Ten wanted, nine well: what the tenth suffers from is in the look. */
function besideNine(tenth: PodObservation[], over: Partial<RolloutObservation> = {}): RolloutObservation {
  const [all, well] = [nine.length + 1, nine.length];
  const updated = well + tenth.length;
  const counts = { wanted: all, replicas: updated, updated, ready: well, available: well };
  const newReplicaSet = { name: 'api-new', wanted: all, generation: 1, observedGeneration: 1, conditions: [] };
  return aLook({ deployment: aDeployment(counts), newReplicaSet, newPods: [...nine, ...tenth], ...over });
}

/** One look of a bake at what the cluster says. Nothing is written, and no registry asked. */
function look(seen: RolloutObservation, before?: Seen): Promise<Look> {
  const kubernetes = { observe: () => Promise.resolve(seen) } as unknown as Kubernetes;
  const delivery = createDeploymentImage({
    kubernetes,
    registry: { digestsOf: () => Promise.resolve(undefined) },
    now: () => now,
  });
  const component = aPlannedComponent('core', {
    image: approved,
    workloads: [{ deployment: 'api', containers: ['api'] }],
  });
  const target = { region: aRegion('de'), component, image: approved, rollout: { timeoutMs: 10 * minute } };
  const verify = () => delivery.verify(target, imageArtifact(component, approved), 0, before);
  return new MockActivityEnvironment().run<[], Look, typeof verify>(verify);
}

describe('what has stood for two hours, when one pod of ten is made anew', () => {
  const tenth = (over: Partial<PodObservation>) =>
    aPod({ name: 'api-9', uid: 'p9', phase: 'Pending', ready: false, containers: [], ...over });
  const unschedulable = { message: '0/5 nodes are available: 5 Insufficient cpu', since: now - 9 * minute };
  const unpulled = (message: string) =>
    aBrokenPod({ reason: 'ImagePullBackOff', message }, { name: 'api-9', uid: 'p9', createdAt: now - 8 * minute });
  const quota = aCondition('ReplicaFailure', 'True', 'FailedCreate', {
    message: 'exceeded quota: compute',
    lastUpdate: now - 2 * minute,
  });

  it.each<[string, RolloutObservation, string]>([
    [
      'finds no node for 9 min',
      besideNine([tenth({ createdAt: now - 9 * minute, unschedulable })]),
      'Insufficient cpu',
    ],
    ['cannot be pulled for 8 min, as the registry is away', besideNine([unpulled('503 Service Unavailable')]), '503'],
    [
      'cannot be pulled any more, though nine others run the image',
      besideNine([unpulled('api: not found')]),
      'not found',
    ],
    [
      'may not be made for 2 min, as the quota is used up',
      besideNine([], {
        newReplicaSet: { name: 'api-new', wanted: 10, generation: 1, observedGeneration: 1, conditions: [quota] },
      }),
      'exceeded quota',
    ],
    ['is paused by somebody', besideNine([], { deployment: aDeployment({ paused: true }) }), 'paused'],
  ])('tells nothing against the release: the pod %s', async (_name, seen, words) => {
    const { verdict, summary } = await look(seen);
    expect({ verdict, summary }).toEqual({ verdict: 'inconclusive', summary: expect.stringContaining(words) });
  });

  it('fails where that pod crashes for longer than one pod may', async () => {
    const crashing = aBrokenPod(
      { reason: 'CrashLoopBackOff', restarts: 9 },
      { name: 'api-9', uid: 'p9', createdAt: now - 6 * minute },
    );
    expect(await look(besideNine([crashing]))).toMatchObject({ verdict: 'fail', blame: 'release' });
  });
});

describe('a container that is killed between the looks of a bake, and up again for two minutes at each', () => {
  const last = { reason: 'OOMKilled', message: '', exitCode: 137 };
  const pod = (restarts: number) =>
    aPod({
      createdAt: now - twoHours,
      containers: [aContainer({ restarts, last, startedAt: now - 2 * minute })],
    });
  const counts = { wanted: 1, replicas: 1, updated: 1, ready: 1, available: 1 };
  const newReplicaSet = { name: 'api-new', wanted: 1, generation: 1, observedGeneration: 1, conditions: [] };
  const seen = (restarts: number, minutes: number) =>
    aLook({ at: now + minutes * minute, deployment: aDeployment(counts), newReplicaSet, newPods: [pod(restarts)] });

  it('is good at the first look, told at the second, and fails at the third', async () => {
    const first = await look(seen(3, 0));
    expect(first).toMatchObject({ verdict: 'pass', seen: { api: { at: now, counts: { 'p1/api': 3 } } } });

    const second = await look(seen(4, 3), first.seen);
    expect(second).toMatchObject({ verdict: 'pass', summary: expect.stringContaining('ended once'), seen: first.seen });

    expect(await look(seen(6, 6), second.seen)).toEqual({
      verdict: 'fail',
      blame: 'release',
      summary: 'api: api-new-1/api: OOMKilled (exit code 137): ended 3 times within 6 min',
    });
  });
});
