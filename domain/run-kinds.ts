import type { MemberKind } from './contract/lane.ts';
import type { LaneKey, SearchAttribute } from './contract/names.ts';

/**
 * One kind of run: everything that is asked about it anywhere. A new kind is a row here, and a workflow of that type; by what the records know that
 * one was asked for stands in activities/records/schema-known-runs.ts.
 */
export interface RunKind {
  /** Under which Temporal knows its workflow. */
  workflowType: string;
  /** Ids are `<prefix>/<service>/<environment>/<what it is about>`: they say which lane a run belongs to. */
  prefix: string;
  /** As what it stands in its lane. */
  inLane: MemberKind;
  /**
   * What covers its changes: approvals of its own plan, so that anybody whom the gateway knows may ask for one; or an order about another
   * release, which the end of its id names, by one of these: whoever may decide about that release, or a breach that its plan speaks of.
   */
  authority: 'approvals' | { orderedBy: readonly Orderer[] };
  /** What it may change a region for. */
  purposes: readonly Purpose[];
  /** The only steps that it may call, whatever its workflow says. */
  steps: readonly StepName[];
  /** 1 is served before 5 where work waits for a worker. */
  priority: 1 | 2 | 3 | 4 | 5;
  /** By what it can be found from its start on. */
  searchAttributes: readonly SearchAttribute[];
}

type Orderer = 'decider' | 'breach';
export type Purpose = 'deploy' | 'roll-back';

export type RunKinds = Record<string, RunKind>;

const everyRun = ['joinLane', 'verifySignature', 'checkDecision', 'announce', 'takeOver', 'recordEnd'] as const;
const building = ['readRelease', 'buildImage', 'scanImages', 'scanSource', 'runTests', 'runGate'] as const;
const agreeing = ['lookAtRegions', 'planMigration', 'planRelease', 'judgePlanDrift', 'consumeApproval'] as const;
const migrating = ['startMigration', 'watchMigration', 'verifyMigration'] as const;
const inRegions = ['applyComponent', 'watchRollout', 'verifyRegion', 'observeRegion'] as const;
const recording = ['tagImages', 'recordVerified'] as const;
const goingBack = ['chooseRollbacks'] as const;

const aboutARelease = ['service', 'environment', 'commit', 'requestedBy', 'stage'] as const;

export const runKinds = {
  release: {
    workflowType: 'deployRelease',
    prefix: 'release',
    inLane: 'release',
    authority: 'approvals',
    purposes: ['deploy', 'roll-back'],
    steps: [...everyRun, ...building, ...agreeing, ...migrating, ...inRegions, ...recording, ...goingBack],
    priority: 3,
    searchAttributes: aboutARelease,
  },
  rollback: {
    workflowType: 'rollBackRelease',
    prefix: 'rollback',
    inLane: 'rollback',
    authority: { orderedBy: ['decider', 'breach'] },
    purposes: ['roll-back'],
    steps: [...everyRun, 'findRelease', ...inRegions, ...goingBack],
    priority: 1,
    searchAttributes: aboutARelease,
  },
} as const satisfies RunKinds;

/** Not a run, but somebody who calls steps too. Nobody else may call these. */
export const laneCaller = {
  workflowType: 'environmentLane',
  prefix: 'lane',
  steps: ['beginLane', 'recordLane', 'lookAtHolder', 'verifyOrder'],
  priority: 1,
} as const;

/** Every step that anybody may call. The workers' own list of steps is held against it when they are compiled. */
export type StepName =
  | (typeof everyRun | typeof building | typeof agreeing | typeof migrating | typeof inRegions)[number]
  | (typeof recording | typeof goingBack)[number]
  | 'findRelease'
  | (typeof laneCaller.steps)[number];

/** A run's id, taken apart; undefined for one that is of none of these kinds. */
export function readRunId(
  workflowId: string,
  kinds: RunKinds = runKinds,
): { kind: RunKind; lane: LaneKey; about: string } | undefined {
  const [prefix, service, environment, ...about] = workflowId.split('/');
  const kind = Object.values(kinds).find((one) => one.prefix === prefix);
  if (!kind || !service || !environment || !about.some((part) => part !== '')) return undefined;
  return { kind, lane: { service, environment }, about: about.join('/') };
}

/** As what a run stands in its lane: its id says so, whatever it says itself. Rollbacks go first and pass what keeps others out. */
export function memberKindOf(workflowId: string, kinds: RunKinds = runKinds): MemberKind {
  return readRunId(workflowId, kinds)?.kind.inLane ?? 'release';
}

/** Whether it may change a region for this. A run that deploys nothing only goes back. */
export function isFor(workflowId: string, purpose: Purpose, kinds: RunKinds = runKinds): boolean {
  return readRunId(workflowId, kinds)?.kind.purposes.includes(purpose) ?? false;
}

/** Whether such an order can be what this run carries out. */
export function takesOrdersBy(workflowId: string, orderer: Orderer, kinds: RunKinds = runKinds): boolean {
  const authority = readRunId(workflowId, kinds)?.kind.authority ?? 'approvals';
  return authority !== 'approvals' && authority.orderedBy.includes(orderer);
}

/** Why this workflow may not call this step; undefined when it may. Its type and its id must be those of one kind. */
export function refuseStep(
  { workflowId, workflowType, step }: { workflowId: string; workflowType: string; step: string },
  kinds: RunKinds = runKinds,
): string | undefined {
  const isLane = /^lane\/[^/]+\/[^/]+$/.test(workflowId);
  const caller = isLane ? laneCaller : readRunId(workflowId, kinds)?.kind;
  if (caller?.workflowType !== workflowType) return `${workflowType} ${workflowId} is no run that may call steps`;
  const steps: readonly string[] = caller.steps;
  return steps.includes(step) ? undefined : `a ${caller.prefix} may not call ${step}`;
}
