import { describe, expect, it } from '@jest/globals';
import type {
  ConditionObservation,
  DeploymentObservation,
  RolloutObservation,
  VariableObservation,
  WriterObservation,
} from '../../domain/rollout-observation.ts';
import { patienceOf } from '../../domain/rollout-patience.ts';
import {
  aCondition,
  aContainer,
  aDeployment,
  aLook,
  aPod,
  aStart,
  approved,
  aWarning,
  failureOf,
  judged,
  now,
  other,
  second,
  target,
} from './rollout-builders.ts';

describe('the end of a rollout', () => {
  it('is complete when all pods are new, available and of the approved digest', () => {
    expect(judged(aLook())).toEqual({
      kind: 'complete',
      summary: `2 of 2 pods run ${'a'.repeat(12)}`,
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
    [
      'there is no new ReplicaSet',
      aLook({ newReplicaSet: undefined as never, newPods: [] }),
      /ReplicaSet is not there/,
    ],
    [
      'pods are missing',
      aLook({ deployment: aDeployment({ updated: 1 }) }),
      /1 of 2 pods are of the new version \(a{12}\)/,
    ],
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
  ])('is not there while %s', (_name, seen, words) => {
    const verdict = judged(seen);
    expect(verdict).toMatchObject({ kind: 'progressing', summary: expect.stringMatching(words) });
  });

  it('fails at the deadline and says what was missing, and where', () => {
    const slow = aPod({ ready: false, containers: [aContainer({ ready: false })] });
    const at = target.deadline;
    const verdict = judged(aStart([slow], { at }));
    expect(failureOf(verdict)).toMatchObject({
      reason: 'DeadlineExceeded',
      pod: 'api-new-1',
      container: 'api',
      message: `not done after 620 s: 1 of 2 pods are of the new version (${'a'.repeat(12)})`,
    });
  });
});

describe('a Deployment that is scaled to zero', () => {
  const none = { wanted: 0, replicas: 0, updated: 0, ready: 0, available: 0 };
  const set = { name: 'api-new', wanted: 0, generation: 1, observedGeneration: 1, conditions: [] };
  const atZero = (deployment: Partial<DeploymentObservation> = {}, over: Partial<RolloutObservation> = {}) =>
    aLook({ deployment: aDeployment({ ...none, ...deployment }), newReplicaSet: set, newPods: [], ...over });

  it('is done when its specification is in place, and says that nothing proves it', () => {
    expect(judged(atZero())).toEqual({
      kind: 'complete',
      summary: `scaled to zero: ${'a'.repeat(12)} is in place, and nothing runs to prove it`,
      counts: { wanted: 0, updated: 0, ready: 0, available: 0, old: 0 },
    });
  });

  it('is done whatever the controller says of a progress that there cannot be', () => {
    const conditions = [aCondition('Progressing', 'False', 'ProgressDeadlineExceeded')];
    expect(judged(atZero({ conditions })).kind).toBe('complete');
  });

  it.each<[string, RolloutObservation, string]>([
    ['the controller has not seen it', atZero({ observedGeneration: 6 }), 'progressing'],
    ['it is paused', atZero({ paused: true }), 'failed'],
    ['pods of the old version run', atZero({}, { oldPods: 1 }), 'progressing'],
    ['pods of the new version run', atZero({ updated: 1, replicas: 1 }), 'progressing'],
    ['the new ReplicaSet is not there', atZero({}, { newReplicaSet: undefined as never }), 'progressing'],
    ['somebody has set another image', atZero({ images: { api: other } }), 'superseded'],
  ])('is not done while %s', (_name, seen, kind) => {
    expect(judged(seen).kind).toBe(kind);
  });
});

describe('a Deployment in other hands', () => {
  const taken = (writer?: WriterObservation) =>
    aLook({
      deployment: aDeployment({ generation: 8, images: { api: other }, ...(writer && { writers: { api: writer } }) }),
    });
  const at = Date.UTC(2026, 10, 25, 12, 30, 5);

  it.each<[string, WriterObservation | undefined, Record<string, string>, string]>([
    ['nobody is named', undefined, {}, `somebody else has set other images: api = ${other}`],
    [
      'by a person with kubectl',
      { manager: 'kubectl-set', ours: false, at },
      {},
      `somebody else has set other images: api = ${other} (written by kubectl-set at 2026-11-25T12:30:05Z)`,
    ],
    [
      'by a controller that puts back what it knows',
      { manager: 'argocd-controller', ours: false, at },
      { api: other },
      `somebody else has put back the images of before: api = ${other} (written by argocd-controller at 2026-11-25T12:30:05Z)`,
    ],
    [
      'with a reason',
      { manager: 'kubectl-rollout', ours: false, changeCause: 'too slow' },
      { api: other },
      `somebody else has put back the images of before: api = ${other} (written by kubectl-rollout, noting "too slow")`,
    ],
    [
      'by another run of ours',
      { manager: 'slipway', ours: true, releaseId: 'release/shop/lab/2/1', at },
      {},
      `release/shop/lab/2/1 has set other images: api = ${other}`,
    ],
  ])('is superseded, and says by whom: %s', (_name, writer, before, summary) => {
    const verdict = judged(taken(writer), { before });
    expect(verdict).toMatchObject({ kind: 'superseded', summary, images: { api: other } });
  });

  const byHand = { manager: 'kubectl-set', ours: false };
  it.each<[string, Partial<DeploymentObservation>, Record<string, string>, string]>([
    [
      'somebody has set ours otherwise',
      { env: { api: { LOG_LEVEL: { ours: true, shared: true, value: 'loud', by: byHand } } } },
      { LOG_LEVEL: 'debug' },
      'somebody else has set or removed environment variables: LOG_LEVEL of api (written by kubectl-set)',
    ],
    [
      'somebody has taken ours out, and nobody knows who',
      { env: { api: {} } },
      { LOG_LEVEL: 'debug' },
      'somebody else has set or removed environment variables: LOG_LEVEL of api',
    ],
    [
      'another run of ours has set one that this one does not',
      {
        env: {
          api: {
            NEW: {
              ours: true,
              shared: false,
              value: '1',
              by: { manager: 'slipway', ours: true, releaseId: 'release/shop/lab/2/1' },
            },
          },
        },
      },
      {},
      'release/shop/lab/2/1 has set or removed environment variables: NEW of api',
    ],
  ])('is superseded by other variables: %s', (_name, seen, env, summary) => {
    const look = aLook({ deployment: aDeployment({ generation: 8, ...seen }) });
    expect(judged(look, { env })).toMatchObject({ kind: 'superseded', summary });
  });

  it.each<[string, VariableObservation | undefined, Record<string, string>, boolean]>([
    [
      'whoever has set it to the same',
      { ours: true, shared: true, value: 'debug', by: byHand },
      { LOG_LEVEL: 'debug' },
      false,
    ],
    ['what others own a part of, and we do not want', { ours: true, shared: true, value: 'x' }, {}, false],
    ['what others have, and we do not want', { ours: false, shared: true }, {}, false],
    ['the name of what others have had, and have given up', { ours: true, shared: false, value: '', nameOnly: true }, {}, false], // prettier-ignore
    ['an empty one that we alone have, and do not want', { ours: true, shared: false, value: '' }, {}, true],
    ['what we alone have, and do not want', { ours: true, shared: false, value: 'x' }, {}, true],
    ['what others have, and is left to them', { ours: false, shared: true }, { LOG_LEVEL: 'debug' }, false],
    [
      'what is taken from elsewhere by now, and is left so',
      { ours: true, shared: true },
      { LOG_LEVEL: 'debug' },
      false,
    ],
    ['what is not there', undefined, { LOG_LEVEL: 'debug' }, true],
    ['what has another value', { ours: true, shared: true, value: 'x' }, { LOG_LEVEL: 'debug' }, true],
  ])('is put back, beside variables of others: %s', (_what, found, env, isOther) => {
    const seen = { env: { api: found ? { LOG_LEVEL: found } : {} } };
    const look = aLook({ deployment: aDeployment({ generation: 8, ...seen }) });
    expect(judged(look, { env, leavesTheirs: true }).kind === 'superseded').toBe(isOther);
  });

  it('is not put in place where somebody else alone has set what the release sets, or takes it from elsewhere', () => {
    for (const found of [
      { ours: false, shared: true },
      { ours: true, shared: true },
    ]) {
      const look = aLook({ deployment: aDeployment({ generation: 8, env: { api: { LOG_LEVEL: found } } }) });
      expect(judged(look, { env: { LOG_LEVEL: 'debug' } }).kind).toBe('superseded');
    }
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
      code: 'SLIP-K8S-1',
      logTells: true,
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "api-new" has timed out progressing.',
      pod: 'api-new-1',
      container: 'api',
    });
  });

  it('is not the cause where the kubelet says what holds the pod up', () => {
    const warnings = [aWarning('Readiness probe failed: HTTP probe failed with statuscode: 503', { count: 57 })];
    const seen = { ...exceeded({}), warnings };
    seen.newPods = [aPod({ ready: false, containers: [aContainer({ ready: false, startedAt: now - 500 * second })] })];
    expect(failureOf(judged(seen))).toEqual({
      code: 'SLIP-K8S-1',
      reason: 'Unhealthy',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503 (57 times)',
      pod: 'api-new-1',
      container: 'api',
      logTells: true,
      evidence: ['ProgressDeadlineExceeded: ReplicaSet "api-new" has timed out progressing.'],
    });
  });

  it('does not end what the user has said may last longer', () => {
    const unschedulable = { message: '0/3 nodes are available', since: now - 601 * second };
    const pod = aPod({ phase: 'Pending', ready: false, containers: [], unschedulable });
    const seen = { ...exceeded({}), newPods: [pod] };
    const patient = { patience: patienceOf({ timeoutMs: 1_800 * second }), deadline: now + 900 * second };
    expect(judged(seen, patient).kind).toBe('progressing');
    expect(judged(seen).kind).toBe('failed');
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
      code: 'SLIP-K8S-8',
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
    expect(failureOf(judged(seen))).toEqual({
      code: 'SLIP-K8S-8',
      reason: 'ReplicaSetCreateError',
      message: 'admission says no',
    });
  });
});
