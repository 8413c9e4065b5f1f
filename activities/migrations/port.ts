import type { ClusterRef, PinnedImage } from '../../domain/contract/release.ts';
import type { PlaceLook } from '../../domain/place-look.ts';

/** A migration Job: one pod, one try, a deterministic name. */
export interface MigrationJob {
  cluster: ClusterRef;
  namespace: string;
  /** From database, image, command, purpose and run: the same work always has the same name, so that a repeated start adopts it. */
  name: string;
  /** Deployment whose settings the Job borrows, if there is one. `only: 'place'`: where its pods run and with what means, not as whom. */
  like?: { deployment: string; container: string; only?: 'place' };
  image: PinnedImage;
  command: string[];
  /** Has the last word over what is borrowed; so have the secrets of `envFrom`. */
  env: Record<string, string>;
  envFrom: string[];
  /** Variables that get this text at the end of whatever they hold by `env`, `envFrom` and what is borrowed. */
  appended?: Record<string, string>;
  labels: Record<string, string>;
  /** Not started beside another Job with the same labels that has not ended. */
  alone?: boolean;
  timeoutMs: number;
  /**
   * Whose look it is. One of the same name that somebody else has left would answer for how it was then: it is taken away first. No part of what
   * the Job is.
   */
  lookOf?: string;
  /** By the policy, which may change between two calls: it is looked at when the Job is made, and is no part of what the Job is. */
  may: Borrowing;
}

/** What Jobs of one migration name in their namespace. */
export interface MigrationNeeds extends Pick<MigrationJob, 'cluster' | 'namespace'> {
  like?: { deployment: string; container: string };
  secrets: readonly string[];
}

/** What a Job may take over from the Deployment, beside settings that are nobody's own. One that only looks may be planned before anybody approved it. */
export type Borrowing =
  { for: 'looking'; serviceAccounts: string[]; secrets: string[] } | { for: 'changing'; serviceAccounts: string[] };

/**
 * What can be seen of a Job. `begun`: false as long as it is certain that its container has never run. `version`: the cluster's own count of
 * changes at that look.
 */
export type JobObservation =
  | { state: 'missing'; version: string }
  /** `removing`: somebody has taken it away; what it has begun is ended. */
  | { state: 'running'; message: string; begun: boolean; removing?: true; version: string }
  /** `cut`: the whole log was wanted, and there is more than that of it. */
  | ({ state: 'succeeded'; log: string; cut?: boolean } & Alongside)
  /** Given up before it has begun, it must be removed: it might begin later, with nobody watching. */
  | ({ state: 'failed'; reason: string; log: string; begun: boolean; exitCode?: number; version: string } & Alongside);

/** Containers that others have put into the pod, and that run on: the Job does not end by itself, and must be removed. */
export interface Alongside {
  alongside?: string[];
}

/**
 * Runs Jobs for migrations. `start` creates or adopts; it never starts the same Job twice and never replaces one that failed.
 * Throws SLIP-MIG-…: terminal when a Job of that name exists with other content, or when it would borrow what it may not; retryable while
 * another one must end, or be gone, first. And SLIP-K8S-… for an API server that cannot be reached.
 */
export interface MigrationJobs {
  /** Before any is made: whether what they name is there, and they may be run. Nothing that a Secret holds is read; what may not be looked at is told as that. */
  look(needs: MigrationNeeds): Promise<PlaceLook>;
  start(job: MigrationJob): Promise<{ adopted: boolean }>;
  /**
   * One look; fast failures (image pull, configuration, no pod) are told as `failed` with the cluster's own words, and so is what has not
   * begun when most of its time is over. Once its own container has ended, its exit code counts, whatever else is in the pod. Logs are their
   * last 8 KB; that of a success with `wholeLogBytes` everything from its beginning, up to that many bytes.
   */
  observe(job: MigrationJob, options?: { wholeLogBytes?: number }): Promise<JobObservation>;
  /** Removes the Job and its pod. For plan and verify Jobs, and for a Job given up. Missing is fine. */
  remove(job: MigrationJob): Promise<void>;
  /**
   * Whether its container may have run since that look, however briefly. To be asked when the Job is gone; what looks in between have seen does
   * not tell. True as well where the cluster does not remember so far back: that may be five minutes.
   */
  mayHaveBegunSince(job: MigrationJob, version: string): Promise<boolean>;
}
