import type { KnownPeople } from './people.ts';
import type { ApprovalPolicy, ClusterRef, Millis, Severity } from './release.ts';

/**
 * What the operator's policy says about one service in one environment, by dotted key (`approval.quorum`, `clusters.blue`). Its hash is
 * what approvals are bound to.
 */
export type PolicyFloor = Record<string, unknown>;

/** What a worker reads from the operator's policy on its own disk before it changes anything. */
export interface EnvironmentFloor {
  approval: ApprovalPolicy;
  clusters: ClusterRef[];
  planMigrationsBeforeApproval: boolean;
  tags: string[];
  /**
   * By service, groups that decide what follows a failure beside those who approve. Absent, and for a service that is not here: those who
   * approve alone.
   */
  onCall?: Record<string, string[]>;
  /** Absent: who there is, and in which groups, is said by the doors alone. */
  people?: KnownPeople;
  /** An approved plan may let the engine start a rollback by itself. */
  rollBackOnBreach?: boolean;
  /** Its images must be promoted, from one of these environments. Absent: they may come in any way. */
  promotedFrom?: string[];
  /** The longest that the age of what is promoted may be, as the plan says it. Absent: any. */
  promotedWithinMs?: Millis;
  /** Programs that look at each commit which is released there, by the name of the gate. Absent: none. */
  gates?: Record<string, GateTool>;
  /** What each service that the policy lets in may use there. A service that is not here may use nothing. */
  services: Record<string, ServiceBounds>;
}

/** A program of the operator's that looks at the files of a commit and writes what it has found as SARIF. */
export interface GateTool {
  /** The program and its arguments. In these `{tree}` and `{report}` stand for paths. */
  run: string[];
  failOn: Severity[];
  timeoutMs: Millis;
  /** Those that mean that it has looked. */
  exitCodes: number[];
  /** What it may read beside the tree. */
  places: string[];
}

/**
 * Everything that a repository may name and that lies outside of it, for one service in one environment. What is not in a list may not be
 * used. In patterns a `*` at the end stands for anything but `/`; hosts are exact, or `*.` and a domain.
 */
export interface ServiceBounds {
  namespaces: string[];
  /** Deployments, by pattern: what is deployed to, and what migrations borrow from. */
  workloads: string[];
  registry: string;
  /** Repositories inside the registry, by pattern. */
  images: string[];
  /** Where images that were built elsewhere may come from. */
  imagesFrom: string[];
  endpointHosts: string[];
  /** Kubernetes secrets that the Jobs of migrations may hold: those that only look, and those that change the database. */
  secrets: { plan: string[]; apply: string[] };
  /** As whom they may run, beside the namespace's `default`. */
  serviceAccounts: { plan: string[]; apply: string[] };
  /** Environment variables that migrations, smoke tests and components may set although they change how programs load. */
  variables: string[];
  /** It may run smoke tests, as Jobs without any credentials. Absent: it may not. */
  smoke?: boolean;
  /** Images that integration tests may run beside those of the release, by pattern, without tag. */
  testImages: string[];
}
