import type { ChainedEntry } from '../audit-chain.ts';
import type { DecisionKind } from './decisions.ts';
import type { LaneEnd } from './evidence.ts';
import type { LaneClosure, LaneMemory } from './lane.ts';
import type { LaneStatus, ReleaseStatus, Stage, WaitingFor } from './status.ts';
import type { EngineAway } from '../engine-away.ts';
import type { FailureDetails } from '../errors/failure.ts';
import type {
  ApprovalPolicy,
  Digest,
  Identity,
  Millis,
  PinnedImage,
  ReleasePlan,
  Ticket,
  VerifiedRelease,
} from './release.ts';
import type { LaneRights } from './rights.ts';
import type { Unknown } from '../not-begun.ts';
import type { RollbackTarget } from '../rollback.ts';

/** Which version the gateway is, in the head of its answers. */
export const versionHeader = 'slipway-version';

/**
 * The gateway's HTTP API. All bodies are JSON; `Authorization: Bearer <token>` names the person. Release ids contain slashes: encode them in paths.
 *
 *   GET  /v1/overview                                       → 200 Overview        (all that you may look at, at one look)
 *   POST /v1/releases                      StartRelease     → 201 or 200 StartedRelease   (200: the request key or commit has a run already)
 *                                                            409 asked-otherwise            (a downgrade of a commit that has a run which was asked for otherwise, and newAttempt was not said)
 *                                                            409 older-commit               (what is verified there is not in its past, and downgrade was not said)
 *   GET  /v1/releases?service&environment&commit&since&by&outcome&open&number&limit&before → 200 ReleaseList  (newest first, rollbacks too; commit: its beginning; since: ms)
 *   GET  /v1/releases/:id                                   → 200 ReleaseView
 *   GET  /v1/releases/:id/evidence                          → 200 ReleaseEvidence  (what is on record of its scans, tests, migrations and smoke tests)
 *   GET  /v1/releases/:id/evidence/log?of                   → 200 EvidenceLog      (one log of it: its end, 200 KB at most)
 *   POST /v1/releases/:id/decisions        Decide           → 200 DecisionTaken, 202 where the run refuses it and steps go by it (a no: 200)
 *   GET  /v1/plans/:hash                                    → 200 ReleasePlan
 *   GET  /v1/plans/:hash/verified?release                   → 200 VerifiedBeside  (what stands where that plan goes to; of a release that has ended, what stood there when the plan was made)
 *   GET  /v1/rollbacks/preview?release&region               → 200 RollbackPreview         (region: repeatable; 409 and 400 as the order would get)
 *   GET  /v1/plans/:hash/commits?release                    → 200 PlanCommits
 *   POST /v1/rollbacks                     StartRollback    → 201 StartedRelease          (a run of its own, of a finished release)
 *   GET  /v1/lanes?service&environment&after&limit          → 200 LaneList  (by name; what is on record of each: no lane is asked)
 *   GET  /v1/lanes/:service/:environment                    → 200 LaneView
 *   GET  /v1/lanes/:service/:environment/typical?without    → 200 TypicalDurations  (of the last 20 runs that were verified, but for that one, a minute old at most)
 *   POST /v1/lanes/:service/:environment/freeze             { reason, until? } → 200 LaneView   (until: ms; it ends by itself then)
 *   POST /v1/lanes/:service/:environment/tell               {} → 200 LaneView   (delivers what is on record and the lane has not heard; begins it anew where it does not run)
 *   POST /v1/lanes/:service/:environment/clear-ticket  { reason, ticket } → 200 LaneView
 *   POST /v1/lanes/:service/:environment/{unfreeze,clear-hold}  { reason, id? } → 200 LaneView  (409 without id when there are several, 404 for an id that never was; of a hold only where the lane answers)
 *   GET  /v1/audit                                          → 200 AuditLanes
 *   GET  /v1/audit/rows?lane&after&limit&newest             → 200 AuditPage             (after: rows in order; newest=true: the last ones, 100
 *                                                             at most; a page is of 1 MB at most, and the end is where a page is empty)
 *   GET  /v1/insights?service&environment&since&until       → 200 Insights            (how releases went in whole weeks; since: ms; 5,000 releases at most)
 *   GET  /v1/insights.csv?…                                 → 200 a row for each of the runs that those numbers are made of, to keep as a file
 *   GET  /v1/notifications?all&limit                        → 200 NotificationList  (what people were to be told: what waits, and what nobody tries any more)
 *   POST /v1/notifications/:id/again                        {} → 200 NotificationView
 *   GET  /auth/login?to, GET /auth/callback, POST /auth/logout   (browsers: decision 106)
 *   GET  /v1/engine                                          → 200 { versions, queues }     (who asks for work)
 *   GET  /v1/login                                          → 200 LoginOffered  (no token: where people log in)
 *   GET  /v1/me                                             → 200 Me              (and what you may do where)
 *   GET  /v1/health                                         → 200 { ok, temporal, records, policy, tokens, evidence }   (what is wrong, in words)
 *   GET  /livez                                             → 200 { live: true }           (no token)
 *   GET  /readyz                                            → 200 or 503 { ready, draining }  (no token, at most a second old)
 *   GET  /healthz                                           → 200 { ok }                   (no token, at most a second old)
 *   GET  /openapi.json                                      → 200 all of this as OpenAPI  (no token; docs/http-api.md is made of it)
 *
 * Errors are `{ error: GatewayError }` with 400 (input), 401, 403, 404, 405, 409 (not now), 413 (too long), 415 (no JSON), 422 (pipeline file), 429
 * (too often, or too many at once: `Retry-After` says when), 500 (the gateway's own), 503 (Temporal or records away, or too many at once in all).
 * Every answer to somebody whose token is known says in `slipway-version` of which version the gateway is.
 */
export interface StartRelease {
  service: string;
  branch: string;
  commit: string;
  /** Needed only when the branch maps to several environments. */
  environment?: string;
  /** The environment whose images it is to take: refused where slipway.yaml says otherwise of the one that it goes to. */
  from?: string;
  /** `component → host/repository@sha256:…` */
  images?: Record<string, PinnedImage>;
  downgrade?: boolean;
  /** The same key is the same request, however often it is sent. */
  requestKey: string;
  /** A new attempt of a commit whose earlier run has ended. */
  newAttempt?: boolean;
}

export interface StartedRelease {
  releaseId: string;
  created: boolean;
  /** Its page in the dashboard; absent where the gateway has no pages, or nobody logs in there with a browser. */
  pageUrl?: string;
  /** Address of the run in the Temporal UI, where one is known. */
  temporalUrl?: string;
  /** Of one that was there already and is over. */
  ended?: EndedBefore;
}

/** How a release has ended that was asked for once more. */
export interface EndedBefore {
  outcome: string;
  summary?: string;
  endedAt?: Millis;
  /** By the records, where what it had verified is not what is there now: a line for each place. Absent while all of it stands, and of other ends. */
  noMore?: string[];
}

export interface ReleaseRow {
  releaseId: string;
  /** What people call a release by, beside its service: `shop#142`. Absent of a rollback, and in answers of gateways of before. */
  number?: number;
  service: string;
  environment: string;
  commit: string;
  branch: string;
  attempt: number;
  requestedBy: string;
  /** Of a promotion that nobody has started: `requestedBy` has asked for it where it is verified. */
  byItself?: true;
  startedAt: number;
  endedAt?: number;
  outcome?: string;
  summary?: string;
  /** Of a run that carries out an order: the release that it puts back, in which regions if not in all, and why. */
  undoes?: Undoes;
  /** In a list, of what is open: how it stands, where a worker has said so in time. */
  state?: RunState;
}

export interface Undoes {
  releaseId: string;
  number?: number;
  /** Which of the rollbacks that were ordered of it, from 1; absent where nobody has ordered it. */
  nth?: number;
  regions?: string[];
  reason?: string;
}

/** How an open run stands. */
export interface RunState {
  stage: Stage;
  /** When that stage began. */
  since: Millis;
  doing: string;
  waitingFor?: WaitingFor;
}

export interface ReleaseList {
  releases: ReleaseRow[];
  /** What asks for the next ones, as `before`; absent where there are no more. */
  next?: string;
}

export interface ReleaseView extends ReleaseRow {
  open: boolean;
  /**
   * Temporal does not know its run, and its end is not known. By the records it has changed nothing: it has not begun, or its history is gone. Or
   * it has begun, and this Temporal does not know its lane either: it may be another one than the workers have.
   */
  unknown?: Unknown;
  /** Absent when no worker answers or the history is gone; then what is on record is all there is. */
  status?: ReleaseStatus;
  /** What its steps go by, whatever the run says; absent in answers of gateways of before. */
  recorded?: RunRecorded;
  /** What is wrong with it, the cause of each, while it is open; of an end that holds the lane, what it had begun to change. Absent when all is well. */
  troubles?: string[];
  /** Why this is (not) moving, each with who can move it. Never empty. */
  why: string[];
  pageUrl?: string;
  temporalUrl?: string;
  /** Its commit at GitHub; absent where the repository that was asked for, and signed, is elsewhere. */
  commitUrl?: string;
}

export interface RunRecorded {
  /** The plan in force; absent before there is one. */
  planHash?: string;
  /** Of that plan. */
  approvals: ReleaseStatus['approvals'];
  /** What the run has begun to change. */
  changed: string[];
  /** All that people have decided about it, in order; absent in answers of gateways of before. */
  decisions?: RecordedDecision[];
}

export interface RecordedDecision {
  kind: DecisionKind;
  by: string;
  at: Millis;
  channel: string;
  reason: string;
  /** The plan that was shown to whoever has decided; absent where there was none, and in answers of gateways of before. */
  planHash?: string;
  /** Why the run did not take it: it stands for nothing. */
  refused?: string;
}

export interface Decide {
  /** The caller's id for this decision: a repeat counts once. */
  decisionId: string;
  kind: DecisionKind;
  /** For `approve` the plan in force; any other is refused with 409, and not stored. A `reject` of another one counts all the same. */
  planHash?: string;
  channel: string;
  reason: string;
}

/** What is told to whoever has decided, once it is stored. */
export interface DecisionTaken {
  decisionId: string;
  accepted: true;
  answer: DecisionHeard;
  message: string;
}

/**
 * What has become of a decision that is stored. `queued`: no worker has answered, and it takes effect when one is back. `unheard`: whether the run has
 * heard of it is not known. `counts`: each step goes by it, though the run says that it does not take it; with 202, but for a no.
 */
export type DecisionHeard = 'taken' | 'queued' | 'unheard' | 'counts';

export interface StartRollback {
  /** The finished release whose regions are to be returned to the release verified before it. */
  releaseId: string;
  decisionId: string;
  regions?: string[];
  reason: string;
  channel: string;
}

/** What a rollback would do, by the records as they are now; whether images are still in their registries is asked when it goes back. */
export interface RollbackPreview {
  releaseId: string;
  /** Why whoever has asked may not order it; absent where they may. */
  refused?: string;
  regions: RegionPreview[];
}

export interface PreviewedTarget extends RollbackTarget {
  /** What the release has put there. */
  from?: PinnedImage;
  /** The image is the same: environment variables are not. */
  otherVariables?: true;
  verifiedAt?: Millis;
  /** What was done to the schema since the target was verified, and carries it. */
  schemaSince?: string[];
}

export type RegionPreview =
  | {
      kind: 'go';
      region: string;
      targets: PreviewedTarget[];
      /** New there: they stay as they are. */
      newcomers?: string[];
    }
  | { kind: 'refused'; region: string; why: string; next: string };

export interface LaneView {
  service: string;
  environment: string;
  /**
   * Absent when the lane has never been used, and when no worker says how it stands: `unseen`. The queue is what the lane says of itself;
   * holder and closures are on record, as the steps go by them.
   */
  status?: LaneStatus;
  /** So many older ones close it as well, beside the newest that are shown. */
  moreClosures?: number;
  /** Where the lane says otherwise of itself, in words; absent where it does not. */
  differs?: string[];
  /** What ends those differences: commands, or what a person may do, each once. */
  waysOut?: string[];
  /** The order is on record and in force, and did not reach the lane, or others on record did not: why, as far as it can be told. */
  unheard?: string;
  /** The order is on record and in force, and how the lane stands now cannot be told: why. All else is left out then, also what is verified. */
  untold?: string;
  /** It may have been used, and nobody says how it stands now; what is on record of it is all there is. `away`: who does not answer. */
  unseen?: { away?: EngineAway; recorded?: LaneMemory };
  /** Its holder's run has ended without leaving it, as this where that is known: the lane finds out when it looks next. */
  holderEnded?: { outcome?: string };
  inventory: VerifiedRelease[];
  /** Where something else may run than what is verified there. */
  leftBehind?: LeftBehind[];
}

/** A run has changed this since it was verified, and has not brought it back. */
export interface LeftBehind {
  region: string;
  component: string;
  /** What it put there, or began to; absent where that is not known. */
  image?: PinnedImage;
  /** The hash of all that it put there, which may be more than the image. */
  artifact?: Digest;
  releaseId: string;
  outcome?: string;
}

/** Lanes of the policy, by name. */
export interface LaneList {
  lanes: LaneRow[];
  /** What asks for the next ones, as `after`; absent where there are no more. */
  next?: string;
}

/** What is on record of a lane, by which its steps go: whom it has let in, and what closes it. */
export interface LaneRow {
  service: string;
  environment: string;
  holder?: { releaseId: string; ticket: Ticket; since: Millis };
  /** The newest of them. */
  closures: LaneClosure[];
  /** So many older ones close it as well. */
  moreClosures?: number;
  /** What closes it was not read yet, or is more than can be told of many lanes at once: it is told of the lane itself, or when it is asked for again. */
  untold?: true;
}

/** Where each chain of the audit ends, that whoever asks may look at. */
export interface AuditLanes {
  lanes: LaneEnd[];
  /** These are all that there are: whoever asks may look at everything, what the policy has no more among it. */
  all: boolean;
}

export interface AuditPage {
  /** As stored. `writer`: the database role that wrote it. */
  rows: (ChainedEntry & { writer?: string })[];
}

export type PlanView = ReleasePlan;

/** What was verified last in an environment: what a plan for it is compared with. */
export interface VerifiedLast {
  planHash: string;
  releaseId: string;
  verifiedAt: Millis;
}

export interface VerifiedPlan extends VerifiedLast {
  /** Absent when it is not on record any more. Whoever shows it checks that the hash is made of it. */
  plan?: ReleasePlan;
}

export interface VerifiedBeside {
  /** Absent where nothing was verified, and where that is untold. */
  verified?: VerifiedPlan;
  /** What stood there then is not on record. */
  untold?: true;
  /** What the policy of this gateway asks for, where the plan was made by another: each of both is asked of whoever approves. */
  approvalNow?: ApprovalPolicy;
  /** It does not let the service into the environment, or nobody could tell whether the plan was made by another. */
  policyNow?: 'not-let-in' | 'untold';
}

/** What a plan brings, the newest first, in the words of whoever has pushed it. */
export interface PlanCommits {
  commits: { commit: string; author: string; at: Millis; subject: string }[];
  /** There are more than these. */
  more: boolean;
  /** What it is compared with is not on record. */
  untold?: true;
}

export interface GatewayError extends Partial<FailureDetails> {
  /**
   * `SLIP-…` or `bad-request`, `unauthenticated`, `forbidden`, `not-found`, `method-not-allowed`, `conflict`, `asked-otherwise`, `older-commit`,
   * `too-many-requests`, `unavailable`, `internal`.
   */
  code: string;
  message: string;
  /** Problems of slipway.yaml, as `slipway validate` prints them. */
  problems?: ProblemInFile[];
}

export interface ProblemInFile {
  file: string;
  line: number;
  column: number;
  endColumn?: number;
  path?: string;
  message: string;
  hint?: string;
  correction?: string;
}

/** Whoever asks, and what they may do in each lane that they may look at. Who is asked for a decision is told with what it is about. */
export interface Me extends Identity {
  grants: LaneRights[];
}
