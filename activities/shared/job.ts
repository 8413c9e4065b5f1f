import type { V1ResourceRequirements } from '@kubernetes/client-node';
import type { ClusterRef, PinnedImage } from '../../domain/contract/release.ts';
import type { ErrorCode } from '../../domain/errors/catalogue.ts';

/** What is run once in a cluster: one pod, one try, a deterministic name. */
export interface ClusterJob {
  cluster: ClusterRef;
  namespace: string;
  /** From what is done and for whom: the same work always has the same name, so that a repeated start adopts it. */
  name: string;
  /** Deployment whose settings the Job borrows, if there is one. `only: 'place'`: where its pods run and with what means, not as whom. */
  like?: { deployment: string; container: string; only?: 'place' };
  /**
   * All variables that the container of `like` is about to get from us, borrowed as if they were there: where only the place is borrowed, none is.
   * What it has had from us otherwise is about to go. Absent: nothing is about to be put in place there.
   */
  brought?: Record<string, string>;
  image: PinnedImage;
  command: string[];
  /** Has the last word over what is borrowed; so have the secrets of `envFrom`. */
  env: Record<string, string>;
  envFrom: string[];
  /** Variables that get this text at the end of whatever they hold by `env`, `envFrom` and what is borrowed. */
  appended?: Record<string, string>;
  labels: Record<string, string>;
  timeoutMs: number;
  /**
   * Whose look it is. One of the same name that somebody else has left would answer for how it was then: it is taken away first. No part of what
   * the Job is.
   */
  lookOf?: string;
  /** By the policy, which may change between two calls: it is looked at when the Job is made, and is no part of what the Job is. */
  may: Borrowing;
}

/** What a Job may take over from the Deployment, beside settings that are nobody's own. One that only looks may be planned before anybody approved it. */
export type Borrowing =
  { for: 'looking'; serviceAccounts: string[]; secrets: string[] } | { for: 'changing'; serviceAccounts: string[] };

/** What all Jobs of one port have in common, and no single one of them chooses. No part of what a Job is. */
export interface JobKind {
  /** The name of its container. */
  container: string;
  codes: {
    /** A Job of that name exists with other content. */
    other: ErrorCode;
    /** The Deployment to borrow from is not as named. */
    like: ErrorCode;
    /** A Job of that name is still being removed. */
    leaving: ErrorCode;
    /** It would borrow what it may not. */
    borrowing: ErrorCode;
  };
  /** Absent: those of what it borrows from. */
  resources?: V1ResourceRequirements;
  /** No capability of root's, and no system call beyond the usual. */
  confined?: true;
}

/**
 * What can be seen of a Job. `begun`: false as long as it is certain that its container has never run. `version`: the cluster's own count of
 * changes at that look. `uid`: the Job that was seen, whatever has its name later.
 */
export type JobObservation =
  | { state: 'missing'; version: string }
  /** `removing`: somebody has taken it away; what it has begun is ended. `overdue`: it should have ended long ago, and nobody says how. */
  | ({
      state: 'running';
      message: string;
      begun: boolean;
      removing?: true;
      overdue?: true;
      version: string;
      uid: string;
    } & Running)
  /** `cut`: the whole log was wanted, and there is more than that of it. */
  | ({ state: 'succeeded'; log: string; cut?: boolean; uid: string } & Unread & Alongside)
  /** Given up before it has begun, it must be removed: it might begin later, with nobody watching. */
  | ({
      state: 'failed';
      reason: string;
      log: string;
      begun: boolean;
      exitCode?: number;
      version: string;
      uid: string;
    } & Failed);

/** `ranMs`: for how much of the Job's time its container is seen to have run; absent where that is not seen, as of a pod that is gone. */
export interface Running {
  ranMs?: number;
}

/** `lost`: by its Job or pod, a node that went away has ended it, whatever its program did. */
type Failed = Running & { lost?: true } & Unread & Alongside;

/** No pod of the Job was there any more to read its log from. */
interface Unread {
  podGone?: true;
}

/** Containers that others have put into the pod, and that run on: the Job does not end by itself, and must be removed. */
export interface Alongside {
  alongside?: string[];
}

export function jobInWords({ namespace, name }: Pick<ClusterJob, 'namespace' | 'name'>): string {
  return `Job ${namespace}/${name}`;
}
