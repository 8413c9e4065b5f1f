import type { BreachPolicy } from './breach.ts';
import type { DeliveredArtifact, DeliverySpec } from './delivery.ts';
import type { NoticeFilter } from './notices.ts';
import type { PolicyFloor } from './policy.ts';

/**
 * What travels between the gateway, the workflows and the activities: plain records, no behaviour.
 * Fields are only ever added, never renamed: histories of released versions are replayed against them.
 */

/** 40 lower-case hexadecimal characters. */
export type Commit = string;
/** `sha256:` and 64 hexadecimal characters. */
export type Digest = string;
/** `host/repository@sha256:…`: the only form of an image that is ever deployed. */
export type PinnedImage = string;
/** Milliseconds since 1970, UTC. Domain code gets the time as an argument, always. */
export type Millis = number;

/** A person or a robot the gateway has identified. */
export interface Identity {
  id: string;
  /** How the gateway knows: `lab-token`, later `github-oidc`, `slack`, `oidc`. */
  via: string;
  groups: string[];
  /** Addresses under which this person writes commits, in lower case; absent where the gateway knows none. */
  emails?: string[];
  /** Who made the credential that they came with, where that was somebody else. */
  behind?: string;
}

export interface ReleaseRequest {
  service: string;
  environment: string;
  repository: string;
  branch: string;
  commit: Commit;
  attempt: number;
  requestedBy: Identity;
  /** Nobody has started it: the policy has it promoted, in the name of whoever asked for it where it is verified. */
  byItself?: true;
  requestedAt: Millis;
  /** Images that somebody else has built, by component: nothing is built for these. */
  images: Record<string, PinnedImage>;
  /** The requester says that the commit may be older than what runs. */
  downgrade: boolean;
}

/** Everything slipway.yaml and the operator's policy say about one environment, resolved and checked. */
export interface ReleaseSpec {
  service: string;
  environment: string;
  branches: string[];
  registry: string;
  /** `host[:port][/prefix]` that images of a request (built elsewhere) may come from. */
  imagesFrom: string[];
  /** In the order of `needs`: a component never comes before one it needs. */
  components: ComponentSpec[];
  regions: RegionSpec[];
  waves: WaveSpec[];
  tests?: TestsSpec;
  scan: ScanSpec;
  /** Gates of the operator's own that the release must pass, by name. Absent: none. */
  gates?: string[];
  migrations: MigrationSpec[];
  approval: ApprovalPolicy;
  /** Groups that the operator's policy looks to after a failure; absent: those who approve. */
  onCall?: string[];
  onFailure: FailurePolicy;
  /** What may be done without asking when it is seen broken after it was verified; absent: people are told. */
  onBreach?: BreachPolicy;
  queue: QueuePolicy;
  verification: VerificationSpec;
  /** Tags that point to the digest after approval, beside `<commit>`. */
  tags: string[];
  notify: NotifySpec[];
  rollout: RolloutSpec;
  /** sha256 of slipway.yaml at the commit, and of `policyFloor`. */
  configurationHash: string;
  policyHash: string;
  /** What the policy says of this service and environment. */
  policyFloor?: PolicyFloor;
  /** Its images are those that are verified elsewhere for the same commit: nothing is built. */
  promotion?: PromotionSpec;
}

/** Where images are promoted from, and how old that they were verified there may be. Absent: as old as it likes. */
export interface Promotion {
  environment: string;
  maxAgeMs?: Millis;
}

export interface PromotionSpec extends Promotion {
  /** By component, the regions of that environment that it goes to there. */
  regions: Record<string, string[]>;
}

export interface ComponentSpec {
  name: string;
  needs: string[];
  /** Path prefixes inside the repository; empty means: always changed. */
  paths: string[];
  /** Repository inside the registry, for example `shop/core`. */
  image: string;
  build?: BuildSpec;
  /** What runs it. */
  workloads: WorkloadSpec[];
  /** How a new version gets there; absent: `deployment-image`. */
  delivery?: DeliverySpec;
  /** Where it goes, of the environment's regions; absent: to all. */
  regions?: string[];
  /** It is built with arguments of this environment's own: the same commit is another image elsewhere. */
  builtForHere?: true;
}

export interface BuildSpec {
  context: string;
  dockerfile: string;
  args: Record<string, string>;
}

/** One Deployment that runs the component. */
export interface WorkloadSpec {
  deployment: string;
  containers: string[];
}

export interface RegionSpec {
  name: string;
  cluster: ClusterRef;
  namespace: string;
  endpoints: EndpointSpec[];
  /** Run there once everything stands and answers. Absent: none. */
  smoke?: SmokeSpec[];
}

/** A program from the image of a component, just deployed, that tests a region: a Job of its own, without any credentials. */
export interface SmokeSpec {
  name: string;
  component: string;
  command: string[];
  /** What it prints holds a report in this form; absent: its exit code alone counts. */
  report?: 'junit';
  env: Record<string, string>;
  timeoutMs: number;
}

/** Where a region's API server is. Credentials are references, resolved by the environment's worker alone. */
export type ClusterRef =
  | { kind: 'kubeconfig'; file: string; context?: string }
  | { kind: 'eks'; name: string; awsRegion: string; roleArn?: string };

export type EndpointSpec =
  HttpEndpoint | GraphqlEndpoint | TcpEndpoint | GrpcEndpoint | DnsEndpoint | CertificateEndpoint;
interface EndpointBase {
  name: string;
  /** Consecutive good answers wanted, and how long to go on asking (ms). */
  successes: number;
  timeoutMs: number;
}
export interface HttpEndpoint extends EndpointBase {
  kind: 'http';
  url: string;
  status: number;
  /** The body must contain this text. */
  contains?: string;
  /** Headers that must be there: the value, or a part of it. */
  headers?: Record<string, HeaderExpectation>;
  /** The body, read as JSON, must hold these values, by dotted path. */
  json?: Record<string, JsonScalar>;
}
export type HeaderExpectation = string | { contains: string };
export type JsonScalar = string | number | boolean;
export interface GraphqlEndpoint extends EndpointBase {
  kind: 'graphql';
  url: string;
  query: string;
  /** `data` must hold these values, by dotted path. */
  expect: Record<string, JsonScalar>;
}
/** Takes connections. */
export interface TcpEndpoint extends EndpointBase {
  kind: 'tcp';
  host: string;
  port: number;
}
/** Answers `grpc.health.v1.Health/Check` with SERVING. */
export interface GrpcEndpoint extends EndpointBase {
  kind: 'grpc';
  host: string;
  port: number;
  tls: boolean;
  /** Absent: the server as a whole. */
  service?: string;
}
/** What the servers of names answer: nothing is connected to. */
export interface DnsEndpoint extends EndpointBase {
  kind: 'dns';
  domainName: string;
  type: RecordType;
  /** Each record must be one of these. */
  oneOf?: string[];
  /** One of the records must contain this text. */
  contains?: string;
}
export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'TXT';
/** Shows a chain that is valid for the name, and will be for `validForMs`. */
export interface CertificateEndpoint extends EndpointBase {
  kind: 'certificate';
  host: string;
  port: number;
  validForMs: number;
}

export interface WaveSpec {
  regions: string[];
  /** One after the other, each in all regions of the wave. */
  stages: StageSpec[];
}

/**
 * One step of a wave: what is put in place, for which share of the traffic, and what is watched before the next one. Bake, canary step,
 * soak and analysis are the same thing with other numbers.
 */
export interface StageSpec {
  apply: boolean;
  /** Percent of the traffic; absent: all of it. */
  weight?: number;
  observe: ObserveSpec[];
}

/** A look that is repeated for a while: the same checks as after a deployment. */
export interface ObserveSpec {
  check: 'region';
  everyMs: number;
  forMs: number;
  onInconclusive: OnInconclusive;
}

/** What follows when it cannot be told whether a region is well. `go-on` leaves it unproven, and says so. */
export type OnInconclusive = 'hold' | 'roll-back' | 'go-on';

export interface TestsSpec {
  composeFile: string;
  /** The service whose exit code is the result. */
  service: string;
  /** JUnit files, relative to the repository, that the tests leave. */
  reports: string[];
  timeoutMs: number;
  /** Images, by pattern and without tag, that they may run beside those of the release. Absent: none. */
  images?: string[];
}

export type Severity = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW' | 'UNKNOWN';
export interface ScanSpec {
  images: boolean;
  secrets: boolean;
  failOn: Severity[];
  exceptions: ScanException[];
}
/** A finding that is accepted for a while, with a reason. Expired exceptions do not count. */
export interface ScanException {
  id: string;
  reason: string;
  /** Date (UTC) in the form 2026-12-31: the last day on which it counts. */
  expires: string;
}

/** One database's migrations; the same `database` named by several regions is migrated once. */
export interface MigrationSpec {
  database: string;
  /** The region in whose cluster the Job runs. */
  region: string;
  component: string;
  commands: { plan?: string[]; modelsWithoutMigration?: string[]; apply: string[]; verify?: string[] };
  /** The Deployment, and the container in it, whose settings the Jobs borrow. */
  like?: { deployment: string; container: string };
  /** Planning has secrets of its own: of `like` it borrows only where the Job runs, not as whom. */
  planApart?: boolean;
  /** Names of Kubernetes secrets the Job's container gets as environment. Planning may use a weaker one. */
  envFrom: string[];
  planEnvFrom: string[];
  env: Record<string, string>;
  /** 0: none is set. */
  lockTimeoutMs: number;
  timeoutMs: number;
}

export interface ApprovalPolicy {
  required: boolean;
  quorum: number;
  /** Who may approve; empty together with `required` is refused by the loader. */
  groups: string[];
  expiresMs: number;
  excludeRequester: boolean;
  /** Whoever has written commits of the release may not approve it. Absent: they may. */
  excludeAuthors?: boolean;
  /** After so long without a decision people are reminded, and after as long again. Absent: never. */
  remindMs?: Millis;
  /** Absent: nobody else may approve, however long nobody does. */
  escalate?: Escalation;
}

/** Who may approve, too, what nobody has decided about for so long. */
export interface Escalation {
  afterMs: Millis;
  groups: string[];
}

export interface FailurePolicy {
  /** What happens to what is already deployed when a region fails. */
  partial: 'hold' | 'roll-back-region' | 'roll-back-all';
  /** `hold`, or a confirmation asked before rolling back: until then the run waits for a person. */
  confirm: boolean;
  holdMs: number;
  /** Absent: `hold`. */
  onInconclusive?: OnInconclusive;
}

export type QueuePolicy = 'supersede' | 'fifo';

export interface VerificationSpec {
  /** Read back the digest from every running pod. */
  digests: boolean;
}

export interface RolloutSpec {
  /** How long one Deployment may take as a whole. */
  timeoutMs: number;
  /** What slipway.yaml names; everything else is in proportion to `timeoutMs`. */
  patience?: RolloutPatience;
}

/** How long (ms) each kind of trouble may last, while every pod of the new version has it, before it counts as a failure. */
export interface RolloutPatience {
  /** Images that cannot be pulled. */
  imagePullMs?: number;
  /** Pods that find no node, or that nodes refuse. */
  schedulingMs?: number;
  /** Pods that may not be created, containers that cannot be configured, created or started. */
  startMs?: number;
  /** Containers that end badly again and again. */
  crashMs?: number;
  /** No trouble: how long a container that nobody probes, or that has crashed before, must run until it is believed. */
  steadyMs?: number;
}

/** As what people were told by before targets had names on record. `url` may be a secret reference (`env:`, `file:`). */
export type NamelessTarget = { kind: 'log' } | { kind: 'webhook'; url: string };
/** `name`: as the operator's policy has it, by which it is looked up there; absent where it was read before. */
export type NotifyTarget = (NamelessTarget | { kind: 'pagerduty' | 'email' | 'github' }) & { name?: string };
/** `only`: told of what passes one of these; absent: of everything. */
export type NotifySpec = NotifyTarget & { only?: readonly NoticeFilter[] };

// ── The plan ────────────────────────────────────────────────────────────────

/** How a component's image came to be. */
export type ImageOrigin = 'built' | 'given' | 'unchanged' | 'promoted';
export interface Artifact {
  component: string;
  image: PinnedImage;
  origin: ImageOrigin;
  /** Of a promoted one. */
  promoted?: PromotedFrom;
  /** Somebody else has built it: it was given to the release whose image is taken here, or to one before. Of a given one, `origin` says so. */
  given?: true;
}

/** The release that has verified an image last in every region that it goes to there. */
export interface PromotedFrom {
  environment: string;
  releaseId: string;
}

export interface PlannedMigration {
  database: string;
  region: string;
  component: string;
  /** Names of the migrations that are not applied yet, oldest first. */
  pending: string[];
  /** Pending migrations that the previous release's code could not live with, or of which nobody can tell. */
  contracting: string[];
  /** Those of `contracting` that are there only because nobody can tell. */
  unknown?: string[];
}

/** Immutable once hashed: the intent that people approve. Nothing in it depends on when or by whom it was made. */
export interface ReleasePlan {
  version: 1;
  service: string;
  environment: string;
  branch: string;
  commit: Commit;
  configurationHash: string;
  policyHash: string;
  components: PlannedComponent[];
  regions: RegionSpec[];
  waves: WaveSpec[];
  migrations: PlannedMigration[];
  /** How each database is migrated: commands, secrets by name, timeouts. Part of what is approved. */
  migrationSpecs: MigrationSpec[];
  gates: GateResult[];
  approval: ApprovalPolicy;
  /** As it was when it was planned: who may, the workers ask their own policy. */
  onCall?: string[];
  onFailure: FailurePolicy;
  onBreach?: BreachPolicy;
  rollout: RolloutSpec;
  tags: string[];
  /** What was done to the schema that this code does not know of: whoever approves must know that it may not live with it. */
  olderThanSchema?: SchemaGap[];
  /** Where its images come from, and how old that they were verified there may be. Absent: they are built, given or stay. */
  promotion?: Promotion;
  /** Names of what a process must understand to carry this out (domain/plan-needs.ts). Absent: what every version does. */
  needs?: string[];
}
/** Migrations of one run that a plan's code has not in its past, and may not live with. */
export interface SchemaGap {
  database: string;
  /** The run that applied them. */
  releaseId: string;
  migrations: string[];
}
export interface PlannedComponent {
  name: string;
  image: PinnedImage;
  origin: ImageOrigin;
  /** Of a promoted one. */
  promoted?: PromotedFrom;
  /** Of one that is promoted or stays, and was given to a release before. */
  given?: true;
  needs: string[];
  workloads: WorkloadSpec[];
  /** Absent: all. */
  regions?: string[];
  builtForHere?: true;
  delivery?: DeliverySpec;
  /** What will be put in place, where that is more than the image. */
  artifact?: DeliveredArtifact;
}
export interface GateResult {
  gate: string;
  verdict: 'pass' | 'fail' | 'inconclusive';
  summary: string;
}

// ── What runs where ─────────────────────────────────────────────────────────

/** One row of the inventory: the last release of a component that was verified in a region. */
export interface VerifiedRelease {
  service: string;
  environment: string;
  region: string;
  component: string;
  image: PinnedImage;
  /** What was put in place: the image, or what was made of it and more. */
  artifact: DeliveredArtifact;
  commit: Commit;
  releaseId: string;
  planHash: string;
  /** By the clock of the records, as all that it is compared with. */
  verifiedAt: Millis;
  /** `proven`: watched for longer. Nothing raises a row to that yet (decision 69). */
  state: 'verified' | 'proven' | 'revoked';
  /** It was scaled to zero: what was put there stands, and no pod was seen that runs it. */
  unseen?: true;
}

/** A database was migrated, or may have been: written before the Job that does it is made, and taken back only when that never began. */
export interface SchemaChange {
  service: string;
  environment: string;
  database: string;
  /** The run that did it: what came of that run afterwards does not undo the schema. */
  releaseId: string;
  pending: string[];
  contracting: string[];
  /** Before it was begun, by the clock of the records. */
  changedAt: Millis;
}

/** (lane incarnation, n), written as `incarnation.n`: compared as numbers, first by incarnation. */
export interface Ticket {
  incarnation: number;
  n: number;
}
