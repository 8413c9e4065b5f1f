import type { PlaceLook } from '../../domain/place-look.ts';
import type { ClusterJob, JobObservation } from '../shared/job.ts';

export type { Alongside, Borrowing, JobObservation } from '../shared/job.ts';

/** A migration Job, named by database, image, command, purpose and run. */
export interface MigrationJob extends ClusterJob {
  /** Not started beside another Job with the same labels that has not ended. */
  alone?: boolean;
}

/** What Jobs of one migration name in their namespace. */
export interface MigrationNeeds extends Pick<MigrationJob, 'cluster' | 'namespace'> {
  like?: { deployment: string; container: string };
  secrets: readonly string[];
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
