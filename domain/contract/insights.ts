import type { Commit, Millis } from './release.ts';

/**
 * How releases went in some weeks, counted from what is on record of them. Durations are in ms; medians are of single releases, so that no sum of
 * two of them is a median of anything. How each is counted: docs/insights.md.
 */
export interface Insights {
  /** The weeks that are counted: from this Monday, 00:00 UTC, until then. */
  since: Millis;
  until: Millis;
  service?: string;
  environment?: string;
  /** Which environments were counted: those that were asked for, those in which the policy requires an approval, or all. */
  counted: 'as-asked' | 'production' | 'all';
  /** So many releases were looked at, the newest. `more`: older ones of these weeks were not. */
  lookedAt: number;
  more?: true;
  /** Of orders to roll back only the newest were looked at, 500 of these weeks at most. */
  moreOrders?: true;
  /** So many have ended, and what is on record of how cannot be read. */
  unread?: number;
  /** When the oldest of those that were looked at was asked for; absent where there is none. */
  firstAt?: Millis;
  services: number;
  targets: TargetMeasure[];
  /** From the first that has a release: of weeks before it nothing was looked at, or nothing is there. */
  weeks: WeekMeasure[];
  dora: Dora;
  /** What machines did, the slowest first. */
  steps: StepMeasure[];
  approvals: ApprovalMeasure;
  /** What failed in front of people, the newest first. */
  troubles: Trouble[];
  moreTroubles?: number;
}

export const targetNames = ['first-test', 'ci', 'one-region', 'all-regions', 'commit-to-production'] as const;
export type TargetName = (typeof targetNames)[number];

/**
 * `holds`: most are in time. `slips`: the half is, and too few more, or it comes near and grows. `missed`: the half is not. `no-data`: nothing in
 * these weeks can be counted. `not-measured`: nothing that Slipway keeps tells it.
 */
export type TargetState = 'holds' | 'slips' | 'missed' | 'no-data' | 'not-measured';

export interface TargetMeasure {
  name: TargetName;
  state: TargetState;
  limitMs: number;
  /** How many were counted. */
  count: number;
  /** Without what people and the lane were waited for. */
  medianMs?: number;
  /** Of those, between 0 and 1: how many were in time. */
  met?: number;
  /** The second half of the weeks beside the first one, where both have enough. */
  trend?: 'growing' | 'falling' | 'steady';
  /** Verified, and left out: what is needed to count them is not known. */
  leftOut?: number;
  /** Medians, of weeks that have any. */
  weeks: { from: Millis; ms: number }[];
}

/** One week: medians of its releases from commit to production, those of which the commit's time is known. */
export interface WeekMeasure {
  from: Millis;
  /** Verified in that week. */
  verified: number;
  /** So many of them are in the medians. */
  count: number;
  beforeMs?: number;
  machinesMs?: number;
  peopleMs?: number;
  laneMs?: number;
}

export interface Dora {
  /** `perWeek`: of the weeks since the first release, where that is later than `since`. */
  deployments: { count: number; perWeek: number; weeks: WeekNumber[] };
  leadTime: { count: number; medianMs?: number; waitedMs?: number; weeks: WeekNumber[] };
  /** `share`: between 0 and 1, of `changed`. `putBackLater`: that was ordered, whether or not it is done. `endedBefore`: others failed before they had changed anything. */
  failed: {
    changed: number;
    count: number;
    putBackLater: number;
    share?: number;
    endedBefore: number;
    weeks: WeekNumber[];
  };
  restore: { count: number; medianMs?: number; peopleMs?: number; notYet: number; weeks: WeekNumber[] };
}

export interface WeekNumber {
  from: Millis;
  value: number;
}

export interface StepMeasure {
  /** A stage, or a region, of which the stage `deploying` is made. */
  kind: 'stage' | 'region';
  name: string;
  count: number;
  medianMs: number;
  /** Nine of ten take no longer. */
  mostMs: number;
}

export interface ApprovalMeasure {
  count: number;
  medianMs?: number;
  /** `underMs`: absent of the last one. */
  buckets: { underMs?: number; count: number }[];
}

export interface Trouble {
  releaseId: string;
  number?: number;
  service: string;
  environment: string;
  commit: Commit;
  /** Regions that failed or went back; none where that is not on record. */
  regions: string[];
  /** When it first failed, or was first ordered back. */
  at: Millis;
  /** Of the catalogue (docs/errors.md), where one is on record. */
  code?: string;
  /** In the words of what failed, or of whoever ordered it back. */
  cause: string;
  /**
   * `held`: and then verified all the same. `put-back`: it was in place everywhere, and rolled back later. `ordered-back`: the same was ordered, and
   * no rollback of it is done, by the records.
   */
  ended: 'held' | 'rolled-back' | 'halted' | 'put-back' | 'ordered-back' | 'other';
  /** From then until what runs there was verified, or back; absent where that is not so yet. */
  restoredMs?: number;
  /** Of that, what people were waited for. */
  peopleMs?: number;
}
