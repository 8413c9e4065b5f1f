import type { Check } from './verdicts.ts';
import type { DecisionKind } from './decisions.ts';
import type { LaneClosure, LaneMember } from './lane.ts';
import type { MigrationOutline } from './outline.ts';
import type { Artifact, Millis, PinnedImage, Ticket } from './release.ts';
import type { FailureDetails } from '../errors/failure.ts';

/** The phases of the story, in order. `rolling-back` and `held` are entered on failure only. */
export const stages = [
  'joining',
  'building',
  'checking',
  'planning',
  'awaiting-approval',
  'awaiting-lane',
  'migrating',
  'deploying',
  'verifying',
  'recording',
  'held',
  'rolling-back',
  'done',
] as const;
export type Stage = (typeof stages)[number];

/** What a run waits for, until when, and who can move it: no run is ever silent. */
export interface WaitingFor {
  what: string;
  who: string;
  /** Absent when there is no deadline. */
  until?: Millis;
  /** What they may decide. */
  decisions?: DecisionKind[];
  /** Of an approval: since when. Absent of what an engine of before has told. */
  since?: Millis;
  /** When people are reminded of it next; absent when they are not. */
  remindsAt?: Millis;
  /** Who may approve it, too, from then on; absent when nobody, or when they may by now. */
  widens?: Widening;
}

export interface Widening {
  at: Millis;
  to: string[];
}

/** A step that has failed and is tried again by the run itself. */
export interface FailingStep {
  step: string;
  failure: FailureDetails;
  /** When it first failed. */
  since: Millis;
  triedAgainAt: Millis;
  /** There once the run is held for it: until when. */
  heldUntil?: Millis;
}

export type RegionPhase =
  | 'pending'
  | 'deploying'
  | 'deployed'
  | 'verified'
  /** In place, and nobody could tell whether it is well: neither for the release nor against it. */
  | 'unproven'
  | 'failed'
  /** Stopped half way by a person, or because another region failed: not this region's failure. */
  | 'interrupted'
  | 'rolling-back'
  | 'rolled-back'
  /** Back, but for what has nothing to go back to: that is still there. */
  | 'partly-back'
  /** It should go back, and what runs there cannot be seen or changed at the moment. */
  | 'unknown'
  | 'unchanged';
export interface RegionStatus {
  region: string;
  phase: RegionPhase;
  /** When it was first changed, and when that phase began; absent before, and of what an engine of before has told. */
  begunAt?: Millis;
  since?: Millis;
  /** Why it is not where it should be, one line. */
  note?: string;
  components: ComponentStatus[];
}

export interface ComponentStatus {
  component: string;
  image: PinnedImage;
  phase: RegionPhase;
  /** When that phase began; absent of what an engine of before has told. */
  since?: Millis;
  note: string;
}

export interface StageTiming {
  stage: Stage;
  startedAt: Millis;
  endedAt?: Millis;
}

/** So many lines of its log a run keeps, the newest. */
export const longestLog = 200;

/** Answer of the `status` query. */
export interface ReleaseStatus {
  releaseId: string;
  stage: Stage;
  /** What is being done right now, one line. */
  doing: string;
  waitingFor?: WaitingFor;
  planHash?: string;
  artifacts: Artifact[];
  migrations: MigrationOutline[];
  regions: RegionStatus[];
  checks: Check[];
  timings: StageTiming[];
  approvals: { by: string; at: Millis; channel: string }[];
  /** What whoever approves the plan must know first. */
  warnings?: string[];
  failure?: FailureDetails;
  /** What keeps it now, where it is not its own fault; absent when nothing does. */
  failing?: FailingStep[];
  ticket?: Ticket;
  log: { at: Millis; line: string }[];
}

/** What a run returns, and what is recorded about its end. */
export interface ReleaseResult {
  outcome: string;
  summary: string;
  planHash?: string;
  artifacts: Artifact[];
  regions: RegionStatus[];
  timings: StageTiming[];
  failure?: FailureDetails;
}

/** Answer of the lane's query. */
export interface LaneStatus {
  holder?: { releaseId: string; ticket: Ticket; since: Millis };
  queue: (LaneMember & { claiming: boolean })[];
  /** Holds, freezes and windows, the oldest first; also those that have not begun. */
  closures: LaneClosure[];
  lastTicket: Ticket;
}
