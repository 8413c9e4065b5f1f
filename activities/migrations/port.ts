import type { ClusterRef, PinnedImage } from '../../domain/contract/release.ts';

/** A migration Job: one pod, one try, a deterministic name. */
export interface MigrationJob {
  cluster: ClusterRef;
  namespace: string;
  /** From database, image, command and purpose: the same work always has the same name, so that a repeated start adopts it. */
  name: string;
  /** Deployment whose pod settings (service account, volumes, env, pull secrets) the Job borrows, if there is one. */
  like?: { deployment: string; container: string };
  image: PinnedImage;
  command: string[];
  env: Record<string, string>;
  envFrom: string[];
  labels: Record<string, string>;
  timeoutMs: number;
}

export type JobObservation =
  | { state: 'missing' }
  | { state: 'running'; message: string }
  | { state: 'succeeded'; log: string }
  /** `begun`: false while its container has never run. Given up then, it must be removed: it might begin later, with nobody watching. */
  | { state: 'failed'; reason: string; log: string; begun: boolean; exitCode?: number };

/**
 * Runs Jobs for migrations. `start` creates or adopts; it never starts the same Job twice and never replaces one that failed.
 * Throws SLIP-MIG-…: terminal when a Job of that name exists with other content, retryable for an API server that cannot be reached.
 */
export interface MigrationJobs {
  start(job: MigrationJob): Promise<{ adopted: boolean }>;
  /** One look; fast failures (image pull, configuration) are told as `failed` with the pod's own words. */
  observe(job: MigrationJob): Promise<JobObservation>;
  /** Removes the Job and its pod. For plan and verify Jobs, and for a Job given up. Missing is fine. */
  remove(job: MigrationJob): Promise<void>;
}
