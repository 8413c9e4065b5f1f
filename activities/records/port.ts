import type { Breach } from '../../domain/contract/breach.ts';
import type { SignedDecision } from '../../domain/contract/decisions.ts';
import type { LaneEnd, Shipment, SignedChainEnds, SignedShipment } from '../../domain/contract/evidence.ts';
import type {
  LaneBeginning,
  LaneFence,
  LaneHold,
  LaneHolder,
  LaneMemory,
  SignedLaneOrder,
  Stored,
  StoredOrder,
} from '../../domain/contract/lane.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { LastVerified } from '../../domain/overview.ts';
import type {
  ClaimedMessage,
  Delivery,
  ListedMessage,
  MessageState,
  OutboxMessage,
} from '../../domain/contract/outbox.ts';
import type {
  Commit,
  Digest,
  Millis,
  ReleasePlan,
  ReleaseRequest,
  SchemaChange,
  Ticket,
  VerifiedRelease,
} from '../../domain/contract/release.ts';
import type { SignedSession } from '../../domain/contract/sessions.ts';
import type { SignedToken, StoredToken } from '../../domain/contract/tokens.ts';
import type { SignedRequest, TakenRequest } from '../../domain/contract/requests.ts';
import type { Purpose } from '../../domain/run-kinds.ts';

export type { Stored, StoredOrder };

/**
 * The truth that outlives workflow histories. Every write may be repeated with the same arguments and then changes nothing.
 * Throws SLIP-REC-…: retryable when the database cannot be reached, terminal when a record contradicts what is stored.
 */
export interface Records {
  attempts: Attempts;
  decisions: Decisions;
  breaches: Breaches;
  inventory: Inventory;
  schema: SchemaChanges;
  touched: Touched;
  changes: Changes;
  lanes: LaneRecords;
  closings: LaneClosings;
  lanesAtOnce: LanesAtOnce;
  plans: Plans;
  audit: Audit;
  chainEnds: ChainEndRecords;
  credentials: UsedCredentials;
  tokens: ServiceTokens;
  sessions: Sessions;
  outbox: Outbox;
  slack: SlackRecords;
  clock: Clock;
  close(): Promise<void>;
}

/** Credentials that are good for one thing. */
export interface UsedCredentials {
  /**
   * Uses it up for this; true where it had not been used before, or for the very same: a repetition after a lost reply. Remembered until it is
   * good for nothing any more, and an hour, since clocks differ.
   */
  use(credential: { id: string; use: string; until: Millis }): Promise<boolean>;
}

/** So many are listed. */
export const mostTokens = 1_000;

/** Tokens that gateways have made. Whoever reads one asks for its signature. */
export interface ServiceTokens {
  /** False where there is one of that name that is not revoked. */
  add(signed: SignedToken): Promise<boolean>;
  find(hash: string): Promise<StoredToken | undefined>;
  /** Of that name, however many there are of others: the one that is not revoked first, then the newest. */
  named(name: string): Promise<StoredToken[]>;
  /** The newest first. */
  list(): Promise<StoredToken[]>;
  /** For ever. By whom is said once; missing is fine. */
  revoke(hash: string, by: string): Promise<void>;
}

/** Browsers that people have logged in with. Whoever reads one asks for its signature. */
export interface Sessions {
  /** Takes away what has been over for long, too. */
  begin(signed: SignedSession): Promise<void>;
  /** Undefined where it has ended, began twelve hours ago, or was not used for an hour, by the clock of the records. `isUse`: it is used by that. */
  find(hash: string, how: { isUse: boolean }): Promise<SignedSession | undefined>;
  /** For ever. Missing is fine. */
  end(hash: string): Promise<void>;
}

/** The one clock by which processes on several machines tell what came first, and how long ago it was. */
export interface Clock {
  /** ms. */
  now(): Promise<Millis>;
}

export interface Attempt {
  releaseId: string;
  /** Among all that were ever asked for, in that order: what people call it by. Numbers are left out where an order did not come to be. */
  number: number;
  request: ReleaseRequest;
  requestKey: string;
  /** The two above, as the gateway signed them; absent where an older gateway took the request. */
  signed?: SignedRequest;
  /** It has no signature, and neither has any attempt before it. */
  beforeSigning?: true;
  outcome?: string;
  summary?: string;
  /** By the clock of the gateway that took the request: shown to people, and compared with no time of the records. */
  startedAt: Millis;
  /** By the clock of whoever says how it ended. */
  endedAt?: Millis;
}

export type SignRequest = (taken: TakenRequest) => SignedRequest;

/** The commit has an attempt, and it is not what was asked for. */
export class AskedOtherwise extends Error {
  readonly releaseId: string;
  constructor({ releaseId, request }: Pick<Attempt, 'releaseId' | 'request'>, difference: string) {
    super(`${releaseId} is of this commit, and ${request.requestedBy.id} asked for it otherwise: ${difference}`);
    this.name = 'AskedOtherwise';
    this.releaseId = releaseId;
  }
}

/** Which run belongs to which request. Unique by (service, environment, request key) and by (service, environment, commit, attempt). */
export interface Attempts {
  /**
   * The attempt that this request key already has, else the newest attempt of the commit that was a request for the same, else (or with `fresh`)
   * a new attempt with the next number. Two at once get the same answer. Throws AskedOtherwise for a downgrade beside another request
   * (domain/same-request.ts). What is not believed is passed over, as if it were not there.
   */
  open(
    request: Omit<ReleaseRequest, 'attempt'>,
    options: {
      requestKey: string;
      fresh: boolean;
      /** Kept beside the request of a new attempt. */
      sign?: SignRequest;
      /** Whether an attempt on record is one that was asked for; without it each is. */
      believes?: (attempt: Attempt) => boolean;
      /** Why no new one is added: thrown where there is none yet. */
      refuseNew?: Error | undefined;
    },
  ): Promise<{ attempt: Attempt; created: boolean }>;
  find(releaseId: string): Promise<Attempt | undefined>;
  /** Newest first, and only what is a request by its form. `by`: among the newest 10,000 of the others. */
  list(filter: AttemptFilter): Promise<Attempt[]>;
  /**
   * Writes the outcome once, and with it what the run tells of its end, by name: whoever reads that it has ended finds that, too. A later
   * call with another outcome is refused (terminal).
   */
  conclude(releaseId: string, end: AttemptEnd): Promise<void>;
}

export interface AttemptFilter {
  service?: string | undefined;
  environment?: string | undefined;
  /** Of these lanes alone. */
  among?: readonly LaneKey[] | undefined;
  limit: number;
  /** Those with smaller numbers. */
  before?: number | undefined;
  number?: number | undefined;
  /** Its first characters. */
  commit?: string | undefined;
  /** Asked for then, or later. */
  since?: Millis | undefined;
  /** Asked for before then. */
  until?: Millis | undefined;
  /** Who has asked. */
  by?: string | undefined;
  outcome?: string | undefined;
  /** Without an outcome. */
  open?: boolean | undefined;
}

export interface AttemptEnd {
  outcome: string;
  summary: string;
  endedAt: Millis;
  /** Absent: it was ended from outside, and has told nothing. */
  told?: Readonly<Record<string, unknown>>;
}

/** A decision as the records have it. */
export interface StoredDecision extends SignedDecision {
  /** Why the run did not take it: then it stands for nothing any more. */
  refused?: string;
  /** It was stored after the run had begun to change something, by the clock of the records. */
  afterChange: boolean;
}

export interface OrderFilter {
  service?: string | undefined;
  environment?: string | undefined;
  /** Of these lanes alone. */
  among?: readonly LaneKey[] | undefined;
  limit: number;
  before?: number | undefined;
  /** Those alone of whose runs no end is on record: among the newest 1,000 of the others. */
  open?: boolean | undefined;
}

/** Signed decisions, stored before they are delivered. */
export interface Decisions {
  /** Idempotent by decision id; the same id with other content is refused (terminal). */
  store(decision: SignedDecision): Promise<void>;
  /** Throws SLIP-REC-8 where there are more than anybody could have made. */
  list(releaseId: string): Promise<SignedDecision[]>;
  /** The same, and what became of them. */
  weigh(releaseId: string): Promise<StoredDecision[]>;
  /**
   * The run has not taken it: it is void. False for one that stands all the same (domain/refused-decisions.ts). Missing is fine.
   */
  refuse(id: string, reason: string): Promise<boolean>;
  find(id: string): Promise<SignedDecision | undefined>;
  /** Orders to roll back that have a run of their own, newest first; `before`: those with smaller numbers. */
  ordersBack(filter: OrderFilter): Promise<{ signed: SignedDecision; number: number }[]>;
  /** Marks the approvals of a plan as used by this release; throws (terminal) when another release has used one of them. Repeating it for the same release is fine. */
  consume(use: { releaseId: string; planHash: string; decisionIds: string[]; at: Millis }): Promise<void>;
}

/** What was seen broken after it was verified. Only steps that look write here, about what they saw. */
export interface Breaches {
  /** Idempotent by id; the same id with other content is refused (terminal). */
  record(breach: Breach): Promise<void>;
  find(id: string): Promise<Breach | undefined>;
}

/** The last verified release of each component in each region, with its history. */
export interface Inventory {
  /** The newest verified (not revoked) row per region and component. */
  current(lane: { service: string; environment: string }): Promise<VerifiedRelease[]>;
  /** A number that grows with each new row of this lane; 0 before there is one. */
  position(lane: LaneKey): Promise<number>;
  /** Rows that came after that number, oldest first. */
  since(lane: LaneKey, position: number): Promise<VerifiedRelease[]>;
  /** What was verified of one commit, revoked or not, the newest first; of more than 5,000 rows the newest. */
  ofCommit(lane: LaneKey, commit: Commit): Promise<VerifiedRelease[]>;
  /** What this release has verified, as far as it is not revoked. */
  of(releaseId: string): Promise<VerifiedRelease[]>;
  /** Rows of one region and component, newest first. */
  history(place: {
    service: string;
    environment: string;
    region: string;
    component: string;
    limit: number;
  }): Promise<VerifiedRelease[]>;
  /**
   * Idempotent by release, region, component. A run that has its outcome adds nothing any more: refused (terminal), unless it is there. `seenAfter`:
   * by region, the last change before it was seen so; throws SLIP-REL-12 where there is another by now, or one under way.
   */
  record(rows: VerifiedRelease[], seenAfter?: Record<string, number | undefined>): Promise<void>;
  /** Marks what a release verified (in these regions, or everywhere) as never to be returned to. */
  revoke(releaseId: string, reason: string, regions?: string[]): Promise<void>;
  /** The same, wherever this run has begun to put something back of that release: itself, or the one that it was ordered to undo. */
  takeBack(undoing: { run: string; releaseId: string }, reason: string): Promise<void>;
}

/** What was done to the databases of a service in an environment: decides how far back a rollback may go. */
export interface SchemaChanges {
  /** Idempotent by run and database: what was said first stays. When it was is the database's word (schema-one-clock.ts). */
  record(change: SchemaChange): Promise<void>;
  /** The migration never began, for certain: nothing was done. Missing is fine. */
  takeBack(change: Pick<SchemaChange, 'service' | 'environment' | 'database' | 'releaseId'>): Promise<void>;
  /** Oldest first. */
  list(lane: { service: string; environment: string }): Promise<SchemaChange[]>;
}

/**
 * What each run has begun to change, and which of Temporal's runs of that workflow id it was: what a reset, a terminate or a second start
 * must not forget.
 */
export interface Touched {
  /**
   * Said before it is done. Throws SLIP-REL-9 (terminal) when another of Temporal's runs has changed something under this id, SLIP-REL-10
   * (terminal) for a run that has ended.
   */
  record(change: TouchedThing): Promise<void>;
  /** `begunAt`: when the run began to change something, by the clock of the records, ms. */
  find(workflowId: string): Promise<{ runId: string; what: string[]; begunAt: Millis } | undefined>;
  /** The run ends: nothing more is begun by it, so that what is on record of it from now on is all. */
  close(workflowId: string): Promise<void>;
  /**
   * Runs of this service and environment that began to change something later than `since`, newest first, some of them; those that come `after`
   * this one; `more`: there may be others. All by the clock of the records.
   */
  list(lane: LaneKey & { since: Millis; after?: string }): Promise<{ runs: TouchedRun[]; more: boolean }>;
  /** After a continue-as-new: the next run goes on for the one before. Throws SLIP-REL-9 when that was not the one on record. */
  handOver(workflowId: string, runs: { from: string; to: string }): Promise<void>;
}

export interface TouchedRun {
  workflowId: string;
  what: string[];
  begunAt: Millis;
}

export interface TouchedThing {
  workflowId: string;
  runId: string;
  what: string;
  /** By the clock of whoever begins it: older engines beside this one go by that. */
  at: Millis;
  /** By what the run was found to have the right: the change begins only where that is still so. Throws SLIP-REL-14 (retryable) otherwise. */
  goneBy?: GoneBy | undefined;
}

export interface GoneBy {
  /** By which the run has its lane. */
  ticket: Ticket;
  /** The release that it is about. */
  subject: string;
  /** How many there are about the run and the release, whatever they say. */
  decisions: number;
  /** How many of them were not refused. */
  standing: number;
  /** In force for that release. */
  planHash: string;
}

/**
 * Changes of regions, each from before its effect until it is over: in between a region is neither what it was nor what it will be. Numbers
 * grow in the order in which changes of one region begin, and nobody can choose them.
 */
export interface Changes {
  /**
   * Said before it is done, together with `touched`. A way back takes back with it what the run itself has on record as verified there.
   * Answers the number of the change, and of the one before it in that region. Throws what Touched.record does.
   */
  begin(change: BegunChange, touched: TouchedThing): Promise<{ number: number; before: number | undefined }>;
  /**
   * Its effect is over; `isDone`: all of it was written, and what that has made harmless is over, too. What was said first stays. Of one whose
   * reply was lost nothing is said: it may still land.
   */
  end(number: number, isDone: boolean): Promise<void>;
  /** What began last in this region, by whichever run, and the components that are being changed. */
  lookAt(lane: LaneKey, region: string): Promise<{ last: LastChange | undefined; underWay: string[] }>;
  /** Whether the run has begun to put something back anywhere, and was not refused there. */
  hasPutBack(workflowId: string): Promise<boolean>;
  /** The last change of each place by each of these runs. Throws SLIP-REC-8 where they are more than 100,000. */
  lastOf(workflowIds: readonly string[]): Promise<OwnChange[]>;
}

export interface BegunChange {
  lane: LaneKey;
  region: string;
  component: string;
  purpose: Purpose;
  /** What it puts there. */
  artifact: Digest;
}

export interface LastChange {
  number: number;
  /** When it was over, by the clock of the records; while it is not, when it began. */
  at: Millis;
}

export interface OwnChange {
  workflowId: string;
  region: string;
  component: string;
  number: number;
  purpose: Purpose;
  /** All of it was written. */
  isDone: boolean;
}

/** What a lane itself has written. What closes it is not for the lane to say: see LaneClosings. */
export type OwnLaneMemory = Omit<LaneMemory, 'closures'>;
export type OwnLaneBeginning = Omit<LaneBeginning, 'closures'>;

/** What the lane must know when it starts anew, and what must outlive it. */
export interface LaneRecords {
  /** Takes the next incarnation number; the same `runId` again gets the same number. Writes of earlier incarnations count no more. */
  begin(lane: LaneKey, runId: string): Promise<OwnLaneBeginning>;
  /**
   * Replaces what is known of the lane, as its next write. False, and nothing is changed, when it is not the next one: another run of the lane
   * has written as much or more, the lane was set back, or it numbers itself. Nor when it gives out a ticket of its own a second time.
   */
  remember(lane: LaneKey, memory: OwnLaneMemory, by: LaneFence & { runId: string }): Promise<boolean>;
  /** What is known of it; undefined for a lane that was never used. `lastTicket`: the greatest that it may have given out until now. */
  look(lane: LaneKey): Promise<{ holder?: HeldLane; waiting: string[]; lastTicket: Ticket } | undefined>;
  /** Of that, whom the lane let in last, until they left: who may be writing. */
  holder(lane: LaneKey): Promise<HeldLane | undefined>;
  /** The same of many lanes at once: of those that have one. */
  holders(lanes: readonly LaneKey[]): Promise<(LaneKey & { holder: HeldLane })[]>;
  /** Which of Temporal's runs has begun as this lane last; others may have gone on for it. */
  begunBy(lane: LaneKey): Promise<string | undefined>;
}

/** `heldSince`: by the clock of the records, ms. */
export type HeldLane = LaneHolder & { heldSince: Millis };

/** What closes a lane: orders that people have signed, and holds that the ends of runs have left. */
export interface LaneClosings {
  /** Idempotent by the order's id; the same id with other content is refused (terminal). */
  order(signed: SignedLaneOrder): Promise<void>;
  /** Idempotent by the hold's id: what was said first stays. */
  hold(lane: LaneKey, hold: LaneHold): Promise<void>;
  /**
   * Everything that was ever ordered and held there, in the order in which it was stored. `storedAt`: by the clock of the records, ms. Throws
   * SLIP-REC-8 where there is more than that can be.
   */
  list(lane: LaneKey): Promise<ClosingsOnRecord>;
}

export interface ClosingsOnRecord {
  orders: StoredOrder[];
  holds: Stored<LaneHold>[];
}

/** Of each lane so many runs say whether it has to be looked at; whoever does reads the others. */
export const mostChanged = 20;

/** What is on record of many lanes, each in one question: for whoever shows all of them. */
export interface LanesAtOnce {
  /** Those in which anything was ever verified, by their names: so many at most. */
  used(most: number): Promise<LaneKey[]>;
  /** By lane, region and component. Throws SLIP-REC-8 where there are more than 20,000. */
  places(lanes: readonly LaneKey[]): Promise<LastVerified[]>;
  /** Of each lane the runs that began to change something later than `since`, as `Touched.list` has them: `mostChanged` of each, the newest first. */
  changedSince(lanes: readonly (LaneKey & { since: Millis })[]): Promise<TouchedRun[]>;
  /** How much closes and opens each: another answer once anything was ordered or held since. */
  closingsCounted(lanes: readonly LaneKey[]): Promise<string[]>;
  /** What closes them, in their order: of the first of them, as many as are of two megabytes together; none where one alone is of more. */
  closings(lanes: readonly LaneKey[]): Promise<ClosingsOnRecord[]>;
  /**
   * How many other commits were verified since that one was, last, in the same place: of those in which it was that one which was released to
   * last. A thousand are counted at most. Undefined where it was not verified, or is revoked.
   */
  verifiedSince(asked: readonly (LaneKey & { commit: string })[]): Promise<(number | undefined)[]>;
  /** Who has asked for these releases, and by which numbers people call them. */
  askedFor(releaseIds: readonly string[]): Promise<{ releaseId: string; number: number; by: string }[]>;
}

/** Plans by hash, and other documents of a release by name (reports, logs): what is too large for a history. */
export interface Plans {
  store(planHash: string, plan: ReleasePlan): Promise<void>;
  find(planHash: string): Promise<ReleasePlan | undefined>;
  /**
   * Keeps a document of a release; the same name again replaces it, where the database lets it (schema-guards.ts, schema-runs.ts). At most 4 MB.
   */
  keep(releaseId: string, name: string, document: unknown): Promise<void>;
  kept(releaseId: string, name: string): Promise<unknown>;
  /** Documents of these names of these releases, as far as there are any. Throws SLIP-REC-8 where they are more than 16 MB. */
  keptAmong(releaseIds: readonly string[], names: readonly string[]): Promise<KeptDocument[]>;
}

/** As text: of many, one at a time is parsed. */
export interface KeptDocument {
  releaseId: string;
  name: string;
  json: string;
}

export interface AuditEntry {
  lane: string;
  /** Unique for each who writes: of a step the run and the event by which Temporal's server counts it, or a decision's id. The same key again adds nothing. */
  key: string;
  at: Millis;
  what: string;
  who: string;
  facts: Record<string, unknown>;
}

export interface AuditRow extends AuditEntry {
  n: number;
  /** The database role that wrote it, as the database says; absent in rows of older versions. No part of the hash. */
  writer?: string;
  /** sha256 over the previous row's hash and this row's canonical JSON. */
  hash: string;
  previous: string;
}

/** Append-only, a hash chain per lane: where processes have logins of their own, one for each kind of them (`shop/production@build`). */
export interface Audit {
  append(entry: AuditEntry): Promise<void>;
  /** Of all chains of the lane, the newest first: so many at most, or about a megabyte. */
  list(lane: string, limit: number): Promise<AuditRow[]>;
  /** Rows of one chain after this number, in their order: so many at most, or about a megabyte. None: there are no more. */
  after(lane: string, n: number, limit: number): Promise<AuditRow[]>;
  /** Where each chain ends. */
  ends(): Promise<LaneEnd[]>;
  /** The first row whose hash does not fit, if any. */
  firstBroken(lane: string): Promise<AuditRow | undefined>;
}

/** By it a gateway knows what gateways have signed, and nobody else who writes to the records. */
export interface EvidenceSeal {
  verifyEnds(signed: SignedChainEnds): boolean;
  signShipment(shipment: Shipment): SignedShipment;
  verifyShipment(signed: SignedShipment): boolean;
}

export type Shipped = {
  /** How far the destination has got them; absent where it has got none, or nobody can say. */
  receipt?: SignedShipment;
  /**
   * Of what whoever asks has sent itself: `receipt`, that it was; `statements`: what was sent is on record no more, or another under its number.
   */
  gone?: 'receipt' | 'statements';
  /** Numbers under which something was passed over that no gateway has signed. */
  strange: number[];
} & (
  | { came: 'sent' }
  /** The destination has not taken it, for this reason. */
  | { came: 'refused'; refusal: unknown }
  /** It has all there are. */
  | { came: 'no more' }
);

/** What the gateway has signed about the ends of the audit, in order, and how far that was sent where. What no gateway has signed counts for nothing. */
export interface ChainEndRecords {
  /**
   * Adds the next statement, which has the number `n`, made from the one before; one at a time, whoever asks. Nothing is added when `make`
   * answers with nothing.
   */
  add(
    seal: Pick<EvidenceSeal, 'verifyEnds'>,
    make: (known: {
      n: number;
      before?: SignedChainEnds;
      installation: string;
      ends: LaneEnd[];
    }) => SignedChainEnds | undefined,
  ): Promise<void>;
  /**
   * Sends the statement that comes next for this destination, and notes it when `send` has resolved: at least once, and in order. Where nothing
   * is noted by a gateway's seal all are sent. `last`: the receipt that whoever asks was answered with before.
   */
  shipNext(
    destination: string,
    send: (signed: SignedChainEnds) => Promise<void>,
    known: { seal: EvidenceSeal; last?: SignedShipment | undefined },
  ): Promise<Shipped>;
}

/** What people are to be told, until it was sent to each of them: at least once, and of each thread in order. */
export interface Outbox {
  /** All of them or none; one that is there stays as it is. */
  put(messages: readonly OutboxMessage[]): Promise<void>;
  /**
   * Those that are due, at most one of each target and thread, for whoever asks alone: after `forMs` they are due again, as whoever had them
   * may be gone. None while an earlier one of its target and thread waits, due or not.
   */
  claim(limit: number, forMs: Millis): Promise<ClaimedMessage[]>;
  /** Of one that waits, by whoever has claimed it last; else nothing is changed: somebody else has it, or has settled it. */
  settle(claimed: Pick<ClaimedMessage, 'id' | 'tries'>, delivery: Delivery): Promise<void>;
  /** Newest first, of these states; `among`: about runs of these lanes. So many at most, or about a megabyte. */
  list(filter: {
    states: readonly MessageState[];
    limit: number;
    among?: readonly LaneKey[] | undefined;
  }): Promise<ListedMessage[]>;
  find(id: number): Promise<ListedMessage | undefined>;
  /** How many wait and were given up, counted up to `mostCounted`, and how long the first of those that wait was written ago. */
  standing(): Promise<OutboxStanding>;
  /** One that is dead is tried again, from the beginning. False where there is no such. */
  again(id: number): Promise<boolean>;
  /**
   * All messages of runs that have ended, and about which nothing waits and nothing was written for so long (a day at least): looks at so many,
   * the oldest first, and answers how many are gone. Nothing is written about such a run any more.
   */
  forget(keptMs: Millis, most: number): Promise<number>;
}

export interface OutboxStanding {
  waiting: number;
  dead: number;
  /** 0 where none waits. */
  oldestMs: Millis;
}

/** Of what nobody has bounded so many are counted: more is as bad. */
export const mostCounted = 10_000;

/** The message that shows a run in a channel. */
export interface PictureKey {
  run: string;
  channel: string;
}

/** What the message shows, as it was drawn last; empty before it was. */
export interface Picture {
  /** The message. */
  ts?: string;
  /** One that was to be posted, and of which Slack has not said yet which it is: by what it is known, since when, and how often it was tried. */
  posting?: { id: string; at: Millis; times: number };
  /** Of what it shows. */
  hash?: string;
  /** The plan whose details stand in its thread. */
  detailsOf?: string;
  /** What people were reminded of last in its thread: when that was due. */
  nudgedAt?: number;
  /** It shows how the run has ended. */
  ended?: true;
}

/** What gateways know of Slack together; nobody else asks. */
export interface SlackRecords {
  /** Whether no gateway has seen a request with this signature, for as long as it could come again. */
  isFirst(signature: string): Promise<boolean>;
  find(runs: readonly string[]): Promise<(PictureKey & { picture: Picture })[]>;
  /** Runs with a picture that does not show how they have ended, by their names: so many at most, behind that one. */
  unfinished(most: number, after: string): Promise<string[]>;
  /** How many do not show that their run has ended, counted up to `mostCounted`. */
  behind(): Promise<number>;
  /** The picture, to be drawn by nobody else for so long; undefined while another has it. `by`: a new name for each time. */
  take(of: PictureKey & { by: string }, ms: number): Promise<Picture | undefined>;
  /** Keeps what is shown by now, for as long again; false where another has it. */
  keep(of: PictureKey & { by: string }, picture: Picture, ms: number): Promise<boolean>;
  /** Forgets one that nobody has taken: nothing shows it any more. */
  drop(of: PictureKey): Promise<void>;
  /** Forgets those that have shown an end for a month. */
  forget(): Promise<void>;
  /** Keeps what is shown now, as it was where that is left out, and leaves it to others. Nothing is kept of whoever has lost it meanwhile. */
  put(of: PictureKey & { by: string }, picture?: Picture): Promise<void>;
}
