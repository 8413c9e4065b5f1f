import type { Millis } from './contract/release.ts';

/** One look at a Deployment, its ReplicaSets' and pods' state: everything the rollout rule needs, and nothing of any client library. */
export interface RolloutObservation {
  /** The API server's clock at the look, ms. */
  at: Millis;
  /** Undefined when the Deployment is gone. */
  deployment?: DeploymentObservation;
  /** The ReplicaSet whose revision is the Deployment's own; undefined until the controller made it. */
  newReplicaSet?: ReplicaSetObservation;
  /** Pods of the new ReplicaSet. */
  newPods: PodObservation[];
  /** Pods of older ReplicaSets that still exist. */
  oldPods: number;
  /** So many of them are ready. Absent: nobody has looked. */
  oldReady?: number;
  /** The latest warnings about these objects, newest first, at most 100. Helpful words: without the right to read them, none. */
  warnings: WarningObservation[];
}

/** An event of type Warning. Equal ones are counted by the cluster as one, and old ones stay for an hour: mind the times. */
export interface WarningObservation {
  kind: string;
  name: string;
  /** Of the object: a pod's name may have been another pod's before. */
  uid: string;
  /** The container it is about, if it is about one. */
  container?: string;
  reason: string;
  message: string;
  count: number;
  firstAt: Millis;
  lastAt: Millis;
}

export interface DeploymentObservation {
  uid: string;
  generation: number;
  observedGeneration: number;
  deleting: boolean;
  paused: boolean;
  images: Record<string, string>;
  /** Environment variables of each container, by name. Absent: none. */
  env?: Record<string, Record<string, VariableObservation>>;
  wanted: number;
  replicas: number;
  updated: number;
  ready: number;
  available: number;
  progressDeadlineSeconds?: number;
  /** How long the controller itself waits until a ready pod counts as available, s. */
  minReadySeconds?: number;
  /** Who has set each container's image last, as far as the API server says. */
  writers?: Record<string, WriterObservation>;
  conditions: ConditionObservation[];
}

/** Whose an environment variable is, by those who own a part of it. */
export interface VariableObservation {
  /** Our writes have it. */
  ours: boolean;
  /** Others own a part of it: it does not go away with what we take out. */
  shared: boolean;
  /** One of them applies it, as we do: the API server keeps it for them by itself, and takes it out when they do not apply it any more. */
  applied?: true;
  /** Of one that our writes have; absent where it is taken from elsewhere. */
  value?: string;
  /** Our writes have no more of it than its name: others have set its value since, also where they have given that up again. */
  nameOnly?: true;
  /** Who has set it last. */
  by?: WriterObservation;
}

export interface WriterObservation {
  /** The field manager: `kubectl-set`, `argocd-controller`… */
  manager: string;
  /** It is our own: then `releaseId` is the run that wrote last. */
  ours: boolean;
  releaseId?: string;
  at?: Millis;
  /** What it has noted as its reason (`kubernetes.io/change-cause`). */
  changeCause?: string;
}

export interface ConditionObservation {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastUpdate: Millis;
}

export interface ReplicaSetObservation {
  name: string;
  wanted: number;
  generation: number;
  observedGeneration: number;
  conditions: ConditionObservation[];
}

export interface PodObservation {
  name: string;
  uid?: string;
  phase: string;
  /** Pod-level reason, for example Evicted. */
  reason: string;
  deleting: boolean;
  /** Pod-level words to the reason. */
  message?: string;
  createdAt: Millis;
  /** When it got its node. */
  scheduledAt?: Millis;
  /** When its init containers were done. */
  initializedAt?: Millis;
  ready: boolean;
  /** Since when it has been as ready, or not ready, as it is. */
  readySince?: Millis;
  /** PodScheduled=False says why. */
  unschedulable?: { message: string; since: Millis };
  /** Its containers are ready since then, and a readiness gate is not: the kubelet's words. */
  gate?: { message: string; since: Millis };
  containers: ContainerObservation[];
}

export interface ContainerObservation {
  name: string;
  init: boolean;
  image: string;
  /** As the container runtime reports it: carries the digest that really runs. */
  imageId: string;
  ready: boolean;
  /** It has a readiness probe, so that it does not count as ready merely because it runs. */
  probed?: boolean;
  restarts: number;
  state: 'waiting' | 'running' | 'terminated';
  reason: string;
  message: string;
  exitCode?: number;
  /** When the present run began; undefined while it does not run. */
  startedAt?: Millis;
  /** When it ended, if that is its present state. */
  finishedAt?: Millis;
  /** How the container ended before its present state, if it did. */
  last?: ContainerEnd;
}

export interface ContainerEnd {
  reason: string;
  /** What the container left as its last words. May have several lines. */
  message: string;
  exitCode: number;
  finishedAt?: Millis;
}
