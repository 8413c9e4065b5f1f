import { describe, expect, it } from '@jest/globals';
import { isSettled } from '../../domain/rollout-settling.ts';

type Deployment = Parameters<typeof isSettled>[0];

const unprobed = {};
const waits = { minReadySeconds: 2 };
const probed = { probed: true };

describe('a rollout that looks complete', () => {
  it.each<[string, Deployment, number | undefined, number, boolean]>([
    ['is not believed at the first look, whatever the cluster waits for', waits, undefined, 9_000, false],
    ['is not believed at the first look of a probed container', probed, undefined, 9_000, false],
    ['is believed at the second look when the controller waits for minReadySeconds', waits, 1_000, 1_001, true],
    ['is believed at the second look when every container has a readiness probe', probed, 1_000, 1_001, true],
    ['is not believed too soon when nobody asks the container', unprobed, 1_000, 2_999, false],
    ['is believed after two seconds when nobody asks the container', unprobed, 1_000, 3_000, true],
    ['is not believed too soon when minReadySeconds is zero', { minReadySeconds: 0 }, 1_000, 2_999, false],
    ['is not believed too soon when the Deployment was not seen', undefined, 1_000, 2_999, false],
  ])('%s', (_title, deployment, since, now, settled) => {
    expect(isSettled(deployment, since, now)).toBe(settled);
  });
});
