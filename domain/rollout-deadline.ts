import type { Millis, RolloutSpec } from './contract/release.ts';
import { patienceOf } from './rollout-patience.ts';

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
