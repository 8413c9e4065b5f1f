import type { Millis, PinnedImage } from './contract/release.ts';
import type { RolloutCause } from './rollout-cause.ts';
import type { KnownDigests, UnknownDigest } from './rollout-digests.ts';
import type { WriterObservation } from './rollout-observation.ts';
import type { Patience } from './rollout-patience.ts';

/** What was written, and until when it may take. */
export interface RolloutTarget {
  uid: string;
  /** `metadata.generation` that the write returned. */
  generation: number;
  /** The API server's clock at the write. Conditions older than that speak of an earlier rollout. */
  appliedAt: Millis;
  /** By container name: what must really run. */
  images: Record<string, PinnedImage>;
  /** Environment variables that we set in each of these containers. Absent: none. */
  env?: Record<string, string>;
  /** What of these others have set is left to them. */
  leavesTheirs?: true;
  deadline: Millis;
  /** How many pods were wanted at the write. Absent: nobody has noted it. */
  wanted?: number;
  patience: Patience;
  /** Images before the write, by container: who puts these back has reverted it. */
  before?: Record<string, string>;
  /** By approved image: what is known of other digests that pods report. */
  digests?: Record<PinnedImage, KnownDigests>;
}

export interface RolloutCounts {
  wanted: number;
  updated: number;
  ready: number;
  available: number;
  /** Pods of older versions that still serve. */
  old: number;
  /** So many of them are ready. Absent: nobody has looked. */
  oldReady?: number;
}

/** `summary` is one line for an operator. */
export type RolloutVerdict =
  | { kind: 'complete'; summary: string; counts: RolloutCounts }
  | { kind: 'progressing'; summary: string; counts: RolloutCounts }
  | { kind: 'failed'; summary: string; counts: RolloutCounts; cause: RolloutCause }
  /** All is done, but a pod reports a digest of which nobody could say yet whether it is the approved image. */
  | { kind: 'inconclusive'; summary: string; counts: RolloutCounts; unknown: UnknownDigest }
  /** Somebody else's images are there now: not our success, and not our failure. `by` is who wrote them, where that is known. */
  | {
      kind: 'superseded';
      summary: string;
      counts: RolloutCounts;
      images: Record<string, string>;
      by?: WriterObservation;
    }
  | { kind: 'gone'; summary: string };
