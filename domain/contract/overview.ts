import type { FailureDetails } from '../errors/failure.ts';
import type { ReleaseRow } from './gateway.ts';
import type { ClosureKind } from './lane.ts';
import type { LaneKey } from './names.ts';
import type { Millis } from './release.ts';
import type { RegionStatus } from './status.ts';

/** Everything that somebody may look at, at one look: what waits for them, what goes on, and what runs where. */
export interface Overview {
  /** By the gateway's clock. */
  at: Millis;
  /** In the order of the policy; those that it has no more come last. */
  environments: string[];
  /** Of the policy and on record, by service and then as the environments are. */
  lanes: LaneOverview[];
  /** So many are not shown: too many for one answer. */
  moreLanes?: number;
  /** Open releases and rollbacks, the newest first. */
  runs: OpenRun[];
  /** There are more than these. */
  moreRuns?: true;
  /** Lanes on hold that you may clear, by the rule that your order would be judged by, of the first hundred; absent where there is none. */
  holdsForMe?: LaneKey[];
  /** What could not be looked at, in words; absent where all was. */
  unseen?: string[];
}

export interface LaneOverview extends LaneKey {
  /** Where anything was ever verified. */
  regions: RegionOverview[];
  /** What closes it by the records, the newest first; absent where nothing does, and where that was not looked at. */
  closed?: LaneClosed[];
}

export interface LaneClosed {
  kind: ClosureKind;
  by: string;
  from: Millis;
  /** It ends by itself then. */
  until?: Millis;
  reason: string;
}

/**
 * `verified`: what was verified there last runs there, as far as anybody knows. `revoked`: that was revoked, and nothing was verified since.
 * `unknown`: a run has changed something since, and nobody knows what runs there.
 */
export type RegionState = 'verified' | 'revoked' | 'unknown';

export interface RegionOverview {
  region: string;
  state: RegionState;
  /** What was verified there last, and counts; of `revoked` what was revoked. Absent where there is nothing of it on record. */
  release?: VerifiedThere;
  /** How many components are on record there. */
  components: number;
  /** Where they are not all of one commit: each commit with its components, the newest first. Absent where they are. */
  versions?: VersionThere[];
  /** Why it is not verified, in words. */
  why?: string;
  /** How far that commit is behind what is verified in the environment before this one. Absent where it is not, or that cannot be told. */
  behind?: Behind;
}

export interface VerifiedThere {
  releaseId: string;
  /** Absent of what nobody has asked for on record, as the next one. */
  number?: number;
  requestedBy?: string;
  commit: string;
  verifiedAt: Millis;
}

/** What of a region is of one commit. */
export interface VersionThere {
  commit: string;
  components: string[];
}

/** So many other commits were verified there since that one was. */
export interface Behind {
  environment: string;
  releases: number;
}

/** An open run. `state` is its own word, as in lists. */
export interface OpenRun extends ReleaseRow {
  /** What it says of each region; absent where no worker has answered in time. */
  regions?: RegionOfRun[];
  /** What it is held for, or what keeps it. */
  failure?: FailureDetails;
  /** It is held for a step that it goes on to try. */
  isTriedAgain?: true;
  /** Of one that waits for approval: what it needs, by the records. Absent where it was not looked at. */
  approval?: ApprovalWanted;
  /** Whether you are asked: you may decide what it waits for, by the rule that your decision would be judged by, and have not. Absent: not looked at. */
  waitsForMe?: boolean;
}

export type RegionOfRun = Pick<RegionStatus, 'region' | 'phase' | 'begunAt' | 'since'>;

export interface ApprovalWanted {
  /** Who has said yes to the plan in force. */
  given: string[];
  /** How many more are needed. */
  missing: number;
  /** Migrations after which there is no way back. */
  noReturn: string[];
}
