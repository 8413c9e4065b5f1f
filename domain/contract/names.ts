/** Every name that Temporal stores: workflow types, messages, attributes, queues and ids. Built here and nowhere else. */
import { laneCaller, readRunId, runKinds } from '../run-kinds.ts';
import type { RunKinds } from '../run-kinds.ts';

export const workflowTypes = {
  deployRelease: runKinds.release.workflowType,
  rollBackRelease: runKinds.rollback.workflowType,
  environmentLane: laneCaller.workflowType,
} as const;

export const deploymentName = 'slipway-workflows';

/** At most eight, all Keyword: a run is found by what it is about and by what it waits for. */
export const searchAttributes = {
  service: 'SlipwayService',
  environment: 'SlipwayEnvironment',
  commit: 'SlipwayCommit',
  stage: 'SlipwayStage',
  outcome: 'SlipwayOutcome',
  waitingFor: 'SlipwayWaitingFor',
  requestedBy: 'SlipwayRequestedBy',
} as const;
export type SearchAttribute = keyof typeof searchAttributes;

/** Queue of the workflows and of the activities that need no environment's credentials. */
export const engineQueue = 'slipway';
/** Engine steps that may have to fetch a repository first: minutes, in slots of their own, so that nothing short waits behind them. */
export const engineWatchQueue = 'slipway.watch';
/** Code from repositories runs on this queue's workers, which hold no deploy credentials. */
export const buildQueue = 'build';
/**
 * What an environment's workers are asked for, each in slots of its own: short changes, watching for minutes or hours, and the way back,
 * which neither may keep waiting.
 */
export const environmentUses = ['change', 'watch', 'roll-back', 'roll-back-watch'] as const;
export type EnvironmentUse = (typeof environmentUses)[number];
/** No name of an environment has a dot: no queue is ever that of another environment. */
export function environmentQueue(environment: string, use: EnvironmentUse): string {
  return use === 'change' ? `environment-${environment}` : `environment-${environment}.${use}`;
}

export interface LaneKey {
  service: string;
  environment: string;
}
/** As it stands in ids, and as its chain of the audit is called. */
export function laneInPath({ service, environment }: LaneKey): string {
  return `${service}/${environment}`;
}
export function laneId({ service, environment }: LaneKey): string {
  return `${laneCaller.prefix}/${service}/${environment}`;
}

/** The lane that this is the workflow of; undefined for other workflows. */
export function laneOfLane(workflowId: string): LaneKey | undefined {
  const [prefix, service, environment, ...more] = workflowId.split('/');
  return prefix === laneCaller.prefix && service && environment && more.length === 0
    ? { service, environment }
    : undefined;
}

export interface ReleaseKey extends LaneKey {
  commit: string;
  attempt: number;
}
export function releaseId({ service, environment, commit, attempt }: ReleaseKey): string {
  return `${runKinds.release.prefix}/${service}/${environment}/${commit}/${attempt}`;
}
/** The commit that a release is about; undefined for ids of other kinds. */
export function commitOfRelease(id: string): string | undefined {
  const { kind, about } = readRunId(id) ?? {};
  return kind?.prefix === runKinds.release.prefix ? about?.split('/')[0] : undefined;
}
export function rollbackId({ service, environment }: LaneKey, orderId: string): string {
  return `${runKinds.rollback.prefix}/${service}/${environment}/${orderId}`;
}
/** The order that this run carries out: a decision, or a breach; undefined for a run that stands for itself. */
export function orderOfRollback(workflowId: string, kinds: RunKinds = runKinds): string | undefined {
  const { kind, about = '' } = readRunId(workflowId, kinds) ?? {};
  return kind && kind.authority !== 'approvals' && !about.includes('/') ? about : undefined;
}
/** The lane that a run's workflow id belongs to; undefined for ids that are not ours. */
export function laneOfRun(workflowId: string, kinds: RunKinds = runKinds): LaneKey | undefined {
  return readRunId(workflowId, kinds)?.lane;
}

export const messages = {
  /** Update (answered) and Signal (for tools that can only signal): a SignedDecision. */
  decide: 'decide',
  decideSignal: 'decideBySignal',
  /** Query: ReleaseStatus. */
  status: 'status',
  /** Signal: a newer version is current. Nothing else is meant by it. */
  wake: 'wake',
  /** Lane → run. */
  laneAnswer: 'laneAnswer',
  /** Run → lane. */
  joinLane: 'joinLane',
  claimLane: 'claimLane',
  leaveLane: 'leaveLane',
  /** Gateway → lane, Update: a SignedLaneOrder. */
  orderLane: 'orderLane',
  /** Query: LaneStatus. */
  laneStatus: 'laneStatus',
} as const;
