import type { ClusterRef, PinnedImage } from '../../domain/contract/release.ts';
import type { PlaceLook } from '../../domain/place-look.ts';
import type { SmokeEnd } from '../../domain/smoke.ts';

/** The Job of one smoke test: one pod, one try, a deterministic name, no credentials. */
export interface SmokeJob {
  cluster: ClusterRef;
  namespace: string;
  /** The same test of the same thing always has the same name, so that a repeated start adopts it. */
  name: string;
  /** Where it runs and as which user: as the container of this Deployment, without anything that is given to that one. */
  like: { deployment: string; container: string };
  image: PinnedImage;
  command: string[];
  env: Record<string, string>;
  report?: 'junit';
  labels: Record<string, string>;
  timeoutMs: number;
}

export type SmokeObservation =
  | { state: 'missing' }
  /** `ranMs`: for how much of its time its program is seen to have run, by now. */
  | { state: 'running'; uid: string; message: string; ranMs?: number }
  /** `alongside`: containers that others have put into the pod, and that run on: the Job does not end by itself before its time is over. */
  | ({ state: 'ended'; uid: string; alongside?: string[] } & SmokeEnd);

/**
 * Runs smoke tests as Jobs. Throws SLIP-SMK-2 and SLIP-SMK-3 (terminal), SLIP-SMK-4 (retryable), and SLIP-K8S-… of the cluster.
 */
export interface SmokeJobs {
  /** Before any is made: whether they may be run. What nobody lets us ask is told as that. */
  look(place: Pick<SmokeJob, 'cluster' | 'namespace' | 'like'>): Promise<PlaceLook>;
  /** Creates it or adopts it: the same Job is never started twice, and one that has failed is not replaced. */
  start(job: SmokeJob): Promise<{ adopted: boolean }>;
  /**
   * One look. What has not begun when most of its time is over has ended so, in the cluster's words; its report is read once it has ended. What
   * is still there when its time is long over has ended without an exit code: nobody says how.
   */
  observe(job: SmokeJob): Promise<SmokeObservation>;
  /** With its pod. `uid`: the one that was observed, and no other of its name. Missing is fine. */
  remove(job: SmokeJob, uid?: string): Promise<void>;
}
