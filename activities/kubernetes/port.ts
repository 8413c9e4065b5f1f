import type { ClusterRef, PinnedImage, Ticket, WorkloadSpec } from '../../domain/contract/release.ts';
import type { PlaceLook } from '../../domain/place-look.ts';
import type { RolloutObservation } from '../../domain/rollout-observation.ts';

export interface WorkloadRef {
  cluster: ClusterRef;
  namespace: string;
  deployment: string;
}

export interface WorkloadState {
  uid: string;
  generation: number;
  replicas: number;
  /** Image as written in the pod template, by container. */
  images: Record<string, string>;
  /** Environment variables that our writes have, by container. */
  env: Record<string, Record<string, string>>;
  /** The last ticket that wrote here, if any. */
  ticket?: Ticket;
  /** Release workflow id that wrote last, if any. */
  releaseId?: string;
  /** What the last ticket was used for. */
  purpose: ChangePurpose;
}

/** With equal tickets a `roll-back` outranks a `deploy`: a run rolls back what it has deployed, never the other way round. */
export type ChangePurpose = 'deploy' | 'roll-back';

export interface WorkloadChange {
  workload: WorkloadRef;
  /** By container name; each must exist already. */
  images: Record<string, PinnedImage>;
  /** All environment variables that each of these gets from us: others that we alone had set are taken out. */
  env: Record<string, string>;
  ticket: Ticket;
  purpose: ChangePurpose;
  releaseId: string;
  /** Shown by `kubectl rollout history`. */
  changeCause: string;
  /** Absent: whatever ticket is there counts. */
  tickets?: { last: Ticket; passedOver: readonly string[] };
}

/** What the watcher needs to know of the write that it watches. */
export interface AppliedChange {
  uid: string;
  generation: number;
  /** False when everything was already as wanted: nothing was written, and no rollout begins. */
  changed: boolean;
  /** True when this very change was there: an earlier try wrote it, and nobody heard. */
  repeated: boolean;
  /** The API server's clock at the write, ms. Conditions older than that speak of an earlier rollout. */
  appliedAt: number;
  /** Images before the write, by container. */
  before: Record<string, string>;
  /** Pods wanted at the write. Absent in what earlier versions have recorded. */
  replicas?: number;
  /** Variables that are left to others: that it was to take out, and they own a part of, and those of a rollback that they alone have set by now, or take from elsewhere. Absent: none. */
  left?: string[];
}

/**
 * One region's workloads. Every method may be repeated.
 * Throws SLIP-K8S-…: terminal for a missing Deployment or container, a refused right or a newer ticket; retryable for an API server that cannot be reached.
 */
export interface Kubernetes {
  /**
   * Before anything is changed: whether these are there by these names, and may be changed and watched, and whether nobody else sets one of these
   * environment variables in them. What may not be looked at is told as that.
   */
  look(
    place: Pick<WorkloadRef, 'cluster' | 'namespace'>,
    workloads: readonly WorkloadSpec[],
    variables: readonly string[],
  ): Promise<PlaceLook>;
  /** Undefined when the Deployment does not exist. */
  read(workload: WorkloadRef): Promise<WorkloadState | undefined>;
  /**
   * Sets images and variables (a release takes none over that others alone have set: SLIP-K8S-27, terminal) by server-side apply with our field manager, dry run first, and the ticket in the same write. Never sends replicas.
   * Reads first: a higher ticket there, or a rollback with the same one, refuses the write, and so does one that no lane has given out, until
   * people have ordered to pass over it; writes with the resourceVersion just read; on a conflict reads and judges again, bounded.
   */
  apply(change: WorkloadChange): Promise<AppliedChange>;
  /** One look at everything `evaluateRollout` needs. */
  observe(workload: WorkloadRef): Promise<RolloutObservation>;
  /** The end of a container's log (`previous` for one that crashed), redacted, at most `maxBytes`. */
  logs(request: {
    workload: WorkloadRef;
    pod: string;
    container: string;
    previous: boolean;
    maxBytes: number;
  }): Promise<string>;
}
