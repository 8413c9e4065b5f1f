import type {
  ApprovalPolicy,
  Artifact,
  FailurePolicy,
  ImageOrigin,
  NamelessTarget,
  OnInconclusive,
  PinnedImage,
  PromotedFrom,
  QueuePolicy,
  WaveSpec,
} from './release.ts';

/**
 * What a run must know of a large document that is kept elsewhere: enough to go on and to tell people. The documents themselves stay in
 * the records, under a hash or the release's id, so that no history grows with the size of a shop.
 */

/** How many names of a long list are told; how many there are is always told. */
export const namesTold = 20;

/** Of what slipway.yaml and the policy say at the commit. */
export interface ReadOutline {
  artifacts: Artifact[];
  toBuild: { component: string; why: string }[];
  /** `named`: the operator's own. Absent: none. */
  gates: { images: boolean; secrets: boolean; tests: boolean; named?: string[] };
  databases: string[];
  queue: QueuePolicy;
  /** Of what they are told is on record alone: each of them is asked there. */
  /** Nobody goes by it any more; a worker of before takes no other form. */
  notify: NamelessTarget[];
  onInconclusive: OnInconclusive;
  /** What a run waits for at most when it is held, before there is a plan that says so (ms). */
  holdMs: number;
  /** Groups that are looked to after a failure, instead of those who approve. */
  onCall?: string[];
}

/** Of the plan stored under `hash`. */
export interface PlanOutline {
  hash: string;
  service: string;
  environment: string;
  branch: string;
  commit: string;
  components: ComponentOutline[];
  regions: string[];
  waves: WaveSpec[];
  migrations: MigrationOutline[];
  approval: ApprovalPolicy;
  /** Groups that are looked to after a failure, instead of those who approve. */
  onCall?: string[];
  onFailure: FailurePolicy;
  rolloutTimeoutMs: number;
  tags: string[];
  /** What was done to the schema that its code does not know of, one line each. */
  olderThanSchema?: string[];
}

export interface ComponentOutline {
  name: string;
  image: PinnedImage;
  origin: ImageOrigin;
  promoted?: PromotedFrom;
  given?: true;
  needs: string[];
  /** Where it goes; absent: to all regions. */
  regions?: string[];
  /** Regions that may run another image by now, though this one is what is verified there. */
  putBack?: string[];
  /** Regions where this image is verified with other environment variables than it gets now. */
  otherVariables?: string[];
}

export interface MigrationOutline {
  database: string;
  region: string;
  component: string;
  /** At most `namesTold`, oldest first. */
  pending: string[];
  /** How many are pending. */
  count: number;
  contracting: string[];
  /** What is pending could not be told before the approval. */
  unplanned: boolean;
  timeoutMs: number;
}
