import { describe, expect, it } from '@jest/globals';
import { judgeRestarts, restartsOf, type RestartsVerdict } from '../../domain/restarts.ts';
import type { ContainerEnd, PodObservation } from '../../domain/rollout-observation.ts';
import { aContainer, aPod, now, second } from './rollout-builders.ts';

const minute = 60 * second;
const outOfMemory: ContainerEnd = { reason: 'OOMKilled', message: '', exitCode: 137 };

/** A pod that has been up for two minutes, as at every look. */
function restarted(restarts: number, { n = 1, last = outOfMemory, name = 'api' } = {}): PodObservation {
  const container = aContainer({ name, restarts, startedAt: now - 120 * second, ...(restarts > 0 && { last }) });
  return aPod({ name: `api-${n}`, uid: `p${n}`, createdAt: now - 7_200 * second, containers: [container] });
}
const well = (n: number) => restarted(0, { n });
const since = (before: PodObservation[], pods: PodObservation[]): RestartsVerdict =>
  judgeRestarts(restartsOf({ at: now - 10 * minute, newPods: before }), { at: now, newPods: pods }, ['api']);

describe('a container that dies between looks, and is up for a while at each of them', () => {
  it('is found by its restarts, which nothing but the looks before can tell', () => {
    expect(since([restarted(3)], [restarted(21)])).toEqual({
      kind: 'failed',
      cause: {
        code: 'SLIP-K8S-1',
        reason: 'OOMKilled',
        message: 'ended 18 times within 10 min',
        pod: 'api-1',
        container: 'api',
        exitCode: 137,
      },
    });
  });

  const four = [2, 3, 4].map(well);
  const one: RestartsVerdict = {
    kind: 'some',
    said: 'api-1/api: OOMKilled (exit code 137): ended once within 10 min',
  };
  it.each<[string, PodObservation[], PodObservation[], RestartsVerdict | { kind: 'failed' }]>([
    ['nothing where all is as it was', [restarted(3)], [restarted(3)], undefined],
    ['a word for one bad end', [restarted(3)], [restarted(4)], one],
    ['a failure for two of the only pod', [restarted(3)], [restarted(5)], { kind: 'failed' }],
    ['a word for one of a pod among four', [well(1), ...four], [restarted(1), ...four], one],
    [
      'a word for four of a pod among four, which may be its node',
      [well(1), ...four],
      [restarted(4), ...four],
      { kind: 'some', said: 'api-1/api: OOMKilled (exit code 137): ended 4 times within 10 min' },
    ],
    ['a failure for five of a pod among four', [well(1), ...four], [restarted(5), ...four], { kind: 'failed' }],
    ['a failure for two of every pod', [well(1), well(2)], [restarted(2), restarted(2, { n: 2 })], { kind: 'failed' }],
    [
      'a failure for a pod that came later, from its beginning',
      [well(1)],
      [restarted(5, { n: 9 })],
      { kind: 'failed' },
    ],
    [
      'nothing for good ends',
      [well(1)],
      [restarted(9, { last: { reason: 'Completed', message: '', exitCode: 0 } })],
      undefined,
    ],
    [
      'nothing for a container that the release has not set',
      [restarted(0, { name: 'mesh' })],
      [restarted(9, { name: 'mesh' })],
      undefined,
    ],
    ['nothing for a pod on its way out', [well(1)], [{ ...restarted(9), deleting: true }, well(2)], undefined],
  ])('counts in proportion: %s', (_name, before, pods, verdict) => {
    const judged = since(before, pods);
    if (verdict) expect(judged).toMatchObject(verdict);
    else expect(judged).toBeUndefined();
  });

  it('is remembered by a number each, and only where there is something to remember', () => {
    expect(restartsOf({ at: now, newPods: [restarted(3), well(2)] })).toEqual({ at: now, counts: { 'p1/api': 3 } });
  });

  it('is counted within an hour, as in a bake of days every container ends some time', () => {
    const first = restartsOf({ at: now, newPods: [restarted(3)] });
    expect(restartsOf({ at: now + 59 * minute, newPods: [restarted(4)] }, first)).toBe(first);
    const next = restartsOf({ at: now + 60 * minute, newPods: [restarted(4)] }, first);
    expect(next).toEqual({ at: now + 60 * minute, counts: { 'p1/api': 4 } });
    expect(judgeRestarts(next, { at: now + 119 * minute, newPods: [restarted(5)] }, ['api'])).toMatchObject({
      kind: 'some',
    });
  });
});
