import type { Millis, RolloutPatience, RolloutSpec } from './contract/release.ts';

/** All graces of one rollout, and the time it has as a whole. */
export type Patience = Required<RolloutPatience> & Pick<RolloutSpec, 'timeoutMs'>;

const second = 1_000;

/**
 * What slipway.yaml does not name is in proportion to the time that the whole rollout has: whoever gives a rollout half an hour, for
 * large images or for nodes that must be bought first, has said so once and need not say it of each kind of trouble.
 */
export function patienceOf({ timeoutMs, patience }: RolloutSpec): Patience {
  return {
    timeoutMs,
    imagePullMs: timeoutMs / 4,
    schedulingMs: (timeoutMs * 3) / 4,
    startMs: timeoutMs / 10,
    crashMs: 0,
    steadyMs: Math.min(Math.max(timeoutMs / 40, 5 * second), 60 * second),
    ...patience,
  };
}

/** For Jobs, which have no `rollout` of their own: as for a Deployment with ten minutes, but nobody waits that long for an image. */
export const jobPatience = patienceOf({ timeoutMs: 600 * second, patience: { imagePullMs: 15 * second } });

/**
 * When one pod's trouble counts although its siblings are well: half-way between its grace and the end. One bad node must not condemn a
 * release, but what will not recover is told well before the time is up.
 */
export function patienceAlone(allowed: Millis, { timeoutMs }: Patience): Millis {
  return (allowed + Math.max(allowed, timeoutMs)) / 2;
}
