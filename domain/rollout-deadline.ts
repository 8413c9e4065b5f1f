import type { Millis, RolloutSpec } from './contract/release.ts';
import type { PodObservation } from './rollout-observation.ts';
import { patienceOf } from './rollout-patience.ts';
import type { RolloutTarget } from './rollout-verdict.ts';

/** A write that is watched. */
export interface WatchedWrite {
  /** The API server's clock at the write. */
  appliedAt: Millis;
  /** An earlier try wrote it: somebody may have watched it before. */
  repeated: boolean;
}

/** The first look of one try of a watch. */
export interface FirstLook {
  /** The API server's clock. */
  at: Millis;
  /** For how long (ms) this watch has looked before, in this try and in those that lost their workers. */
  lookedMs: Millis;
}

/**
 * Until when a rollout may take. Its time runs while somebody looks, or could have: a watch that begins late, because no worker was there or
 * was free, looks for as long as any other, and one that lost its worker has what is left. Whoever comes after the end still looks for
 * long enough to tell what passes from what stays. What has failed by itself, as a crash loop, is told at once all the same.
 */
export function deadlineOf({ appliedAt, repeated }: WatchedWrite, look: FirstLook, rollout: RolloutSpec): Millis {
  const { timeoutMs, steadyMs } = patienceOf(rollout);
  const left = repeated ? 0 : timeoutMs - look.lookedMs;
  return Math.max(appliedAt + timeoutMs, look.at + Math.max(left, steadyMs));
}

/**
 * Where an autoscaler has asked for more pods since, and as many as were asked for at the write are ready, the rollout has done what it was
 * given its time for. The pods that came on top have the same time from when they were made; all of them together no more than once again.
 */
export function deadlineWithGrowth(target: RolloutTarget, wanted: number, pods: readonly PodObservation[]): Millis {
  const { deadline, patience } = target;
  const ready = pods.filter((pod) => pod.ready).length;
  if (target.wanted === undefined || wanted <= target.wanted || ready < target.wanted) return deadline;
  const coming = pods.filter((pod) => !pod.ready).map((pod) => pod.createdAt + patience.timeoutMs);
  // Asked for at this moment, and not made yet: whoever may not make them says so.
  const time = coming.length > 0 ? Math.max(...coming) : deadline + patience.startMs;
  return Math.min(Math.max(deadline, time), deadline + patience.timeoutMs);
}
