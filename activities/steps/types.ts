import type { Announcement } from '../../domain/announcements.ts';
import type { SignedDecision } from '../../domain/contract/decisions.ts';
import type {
  LaneBeginning,
  LaneFence,
  LaneHold,
  LaneMember,
  LaneMemory,
  SignedLaneOrder,
} from '../../domain/contract/lane.ts';
import type { MigrationOutline, PlanOutline, ReadOutline } from '../../domain/contract/outline.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type {
  Artifact,
  GateResult,
  NamelessTarget,
  PinnedImage,
  ReleaseSpec,
  Ticket,
} from '../../domain/contract/release.ts';
import type { ReleaseResult, ReleaseStatus } from '../../domain/contract/status.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import type { DriftVerdict } from '../../domain/drift.ts';
import type { RollbackChoice } from '../../domain/rollback.ts';
import type { Applied } from '../delivery/port.ts';

/**
 * The steps a workflow may ask for, as plain signatures: workflows import these types and nothing else of activities/.
 * One interface per task queue and risk. Inputs and results change only by addition. Inputs name things; what they are, each step reads
 * from the records: what a forged workflow would say counts for nothing.
 */

/** On the engine's queue: records, lanes, plans. No environment's credentials, no code from repositories. */
export interface EngineSteps {
  readRelease(input: { releaseId: string }): Promise<{ outline: ReadOutline; earlier: string[] }>;
  joinLane(input: { lane: LaneKey; member: LaneMember }): Promise<void>;
  planRelease(input: { releaseId: string }): Promise<PlannedRelease>;
  /** The run before this one continued as new: what it had begun to change, this one goes on changing. `from`: not asked any more. */
  takeOver(input: { releaseId: string; from: string }): Promise<void>;
  judgePlanDrift(input: { releaseId: string; planHash: string }): Promise<DriftVerdict>;
  /** `subject`: the release that the run is about; `planHash`: the plan in force there, if there is one. */
  checkDecision(input: { signed: SignedDecision; subject: string; planHash?: string }): Promise<{ refused?: string }>;
  consumeApproval(input: { releaseId: string; planHash: string; decisionIds: string[] }): Promise<void>;
  /** Which message; its words, and where it goes, are the engine's, from the records. */
  announce(input: Announcement): Promise<void>;
  /** `unseen`: components by region that stand there scaled to zero. */
  recordVerified(input: { authority: Authority; regions: string[]; unseen?: Record<string, string[]> }): Promise<void>;
  chooseRollbacks(input: { planHash: string; releaseId: string; regions: string[] }): Promise<RollbackChoice[]>;
  recordEnd(input: {
    releaseId: string;
    result: ReleaseResult;
    /** Not asked any more, as above. */
    notify: NamelessTarget[];
    report?: RunReport;
    /** What people were to be told before, and nobody has written down yet: in its order, the newest 50 at most. */
    untold?: Announcement[];
    /** Nor is this: what a run has begun to put back is on record. */
    revoke?: { releaseId: string; regions: string[] };
  }): Promise<{ outcome: string; summary: string }>;
  /** `by`: the run that asks. */
  findRelease(input: { releaseId: string; by: string }): Promise<FoundRelease>;
}

/** What a run has said and seen. */
export type RunReport = Pick<ReleaseStatus, 'log' | 'checks'>;

/** As it is kept on record; a run itself knows only its outline. `earlier`, above: what an earlier run under the same id has changed. */
export interface ReadRelease {
  spec: ReleaseSpec;
  artifacts: Artifact[];
  toBuild: { component: string; why: string }[];
  /** Addresses of those who have written it, in lower case. */
  authors?: string[];
  /** As in a plan: what those must understand that look at it before there is one. */
  needs?: string[];
}

export interface PlannedRelease {
  plan: PlanOutline;
  /** Said before anything is deployed: what could not be undone, and where. */
  warnings: string[];
}
export interface FoundRelease {
  plan: PlanOutline;
  outline: ReadOutline;
  earlier: string[];
  /** Of a release that was halted half way: the regions that it had changed. The others need no way back. */
  touched?: string[];
}

/** Verified in a local activity: no event of its own beyond a marker. */
export interface LocalSteps {
  verifySignature(signed: SignedDecision): Promise<boolean>;
  verifyOrder(signed: SignedLaneOrder): Promise<boolean>;
}

/** On the lane's side of the engine's queue. */
export interface LaneSteps {
  beginLane(input: { lane: LaneKey }): Promise<LaneBeginning>;
  /** `written`: false when a newer write is there, so that nothing was changed: whoever asked must begin anew. */
  /** `holds`: those that the lane tells in other words than are on record. */
  recordLane(
    input: { lane: LaneKey } & LaneMemory & LaneFence,
  ): Promise<{ written: boolean; holds?: Pick<LaneHold, 'by' | 'reason'>[] }>;
  /** `outcome`: how it ended, where that is on record. `lifted`: the hold that it left was lifted since. */
  lookAtHolder(input: { releaseId: string }): Promise<{ open: boolean; outcome?: string; lifted?: boolean }>;
}

/** On the build queue: code from repositories runs here, beside no credentials of any environment. */
export interface BuildSteps {
  buildImage(input: { releaseId: string; component: string }): Promise<Artifact>;
  scanImages(input: { releaseId: string }): Promise<GateResult>;
  scanSource(input: { releaseId: string }): Promise<GateResult>;
  runTests(input: { releaseId: string }): Promise<GateResult>;
  /** One of the operator's own. */
  runGate(input: { releaseId: string; gate: string }): Promise<GateResult>;
}

/** Who may change a protected environment, and where to read that it is so. Checked by each step before it resolves credentials. */
export interface Authority {
  /** Workflow id of the run that asks. */
  releaseId: string;
  /** The release whose plan and approvals count: the run itself, or the finished release that a rollback run is about. */
  subject: string;
  planHash: string;
  ticket: Ticket;
}

/** On the environment's own queue, whose workers alone hold its credentials. Each reads the stored plan whose hash was approved. */
export interface EnvironmentSteps {
  /** Whether all that the release names is there. Throws what is wrong; what could not be seen is told with the plan. */
  lookAtRegions(input: { releaseId: string }): Promise<void>;
  planMigration(input: { database: string; releaseId: string; authority?: Authority }): Promise<MigrationOutline>;
  /** `commit`: the tag that names this commit for good. `moving`: those that go from release to release. */
  tagImages(input: { authority: Authority; tags: 'commit' | 'moving' }): Promise<void>;
  startMigration(input: MigrationInput): Promise<{ adopted: boolean }>;
  /** Makes the Job again where an earlier try had to give it up before it began. `note`: what people should know of its end. */
  watchMigration(input: MigrationInput): Promise<{ note?: string }>;
  verifyMigration(input: MigrationInput): Promise<void>;
  applyComponent(input: ComponentInput): Promise<AppliedComponent>;
  watchRollout(input: ComponentInput & { applied: AppliedComponent; timeoutMs: number }): Promise<{ note: string }>;
  verifyRegion(input: RegionInput): Promise<Check[]>;
  /** The same checks every `everyMs` until the time `until` (ms since 1970), the last one then. Throws at the first that fails. */
  observeRegion(input: RegionInput & { everyMs: number; until: number }): Promise<Check[]>;
}

/** `images`: by component; what the plan has, where none is named. `purpose`: whether that is what was deployed there, or put back. */
export interface RegionInput {
  authority: Authority;
  region: string;
  images: Record<string, PinnedImage>;
  purpose: 'deploy' | 'roll-back';
}

export interface MigrationInput {
  authority: Authority;
  database: string;
}

export interface ComponentInput {
  authority: Authority;
  region: string;
  component: string;
  image: PinnedImage;
  purpose: 'deploy' | 'roll-back';
}

/** By the name of what was written to. What is not in place must be watched. */
export type AppliedComponent = Applied;
