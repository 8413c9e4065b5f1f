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
  /** The latest warnings about these objects, newest first, at most 20. */
  warnings: string[];
}

export interface DeploymentObservation {
  uid: string;
  generation: number;
  observedGeneration: number;
  deleting: boolean;
  paused: boolean;
  images: Record<string, string>;
  wanted: number;
  replicas: number;
  updated: number;
  ready: number;
  available: number;
  progressDeadlineSeconds?: number;
  /** How long the controller itself waits until a ready pod counts as available, s. */
  minReadySeconds?: number;
  /** Whether every container has a readiness probe: none of them counts as ready merely because it runs. */
  probed?: boolean;
  conditions: ConditionObservation[];
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
  phase: string;
  /** Pod-level reason, for example Evicted. */
  reason: string;
  deleting: boolean;
  createdAt: Millis;
  ready: boolean;
  /** PodScheduled=False says why. */
  unschedulable?: { message: string; since: Millis };
  containers: ContainerObservation[];
}

export interface ContainerObservation {
  name: string;
  init: boolean;
  image: string;
  /** As the container runtime reports it: carries the digest that really runs. */
  imageId: string;
  ready: boolean;
  restarts: number;
  state: 'waiting' | 'running' | 'terminated';
  reason: string;
  message: string;
  exitCode?: number;
  /** When the present run began; undefined while it does not run. */
  startedAt?: Millis;
  /** How the container ended before its present state, if it did. */
  last?: { reason: string; message: string; exitCode: number };
}
