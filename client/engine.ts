import {
  QueryNotRegisteredError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { Client } from '@temporalio/client';
import {
  ApplicationFailure,
  defineSearchAttributeKey,
  SearchAttributeType,
  TypedSearchAttributes,
} from '@temporalio/common';
import type { UpdateDefinition } from '@temporalio/common';
import { laneStatus, releaseStatus } from '../activities/steps/input-documents.ts';
import { weigh } from '../activities/steps/input-weight.ts';
import type { SignedDecision } from '../domain/contract/decisions.ts';
import type { SignedLaneOrder } from '../domain/contract/lane.ts';
import {
  engineQueue,
  laneId,
  messages,
  releaseId,
  rollbackId,
  searchAttributes,
  workflowTypes,
} from '../domain/contract/names.ts';
import type { LaneKey } from '../domain/contract/names.ts';
import type { ReleaseRequest } from '../domain/contract/release.ts';
import { runKinds } from '../domain/run-kinds.ts';
import type { RunKind } from '../domain/run-kinds.ts';
import type { LaneStatus, ReleaseStatus } from '../domain/contract/status.ts';
import type { EngineVersion } from '../domain/engine-versions.ts';
import { plain } from '../domain/details.ts';
import { attributesOfNewLane } from '../domain/lane-state.ts';
import { priorityOf } from '../domain/priority.ts';
import type { PendingStep } from '../domain/pending-step.ts';
import { pendingSteps } from './pending-steps.ts';
import { NoAnswer } from './no-answer.ts';
import { pollersOf } from './pollers.ts';
import { listVersions, versionOf } from './versions.ts';

export interface RunView {
  open: boolean;
  pending: PendingStep[];
}

export type DecisionAnswer =
  | { kind: 'taken'; message: string }
  | { kind: 'refused'; reason: string }
  /** No worker answered in time. It was sent as a signal too, and takes effect when one is back. */
  | { kind: 'queued' };

/** The engine as its users see it: typed, and the only place (besides lanes) that knows Temporal's client. */
export interface Engine {
  startRelease(request: ReleaseRequest): Promise<{ releaseId: string; created: boolean }>;
  startRollback(rollback: {
    lane: LaneKey;
    releaseId: string;
    decision: SignedDecision;
    request: ReleaseRequest;
  }): Promise<{ releaseId: string }>;
  /** Delivers a stored decision; the same id again is the same decision. */
  decide(workflowId: string, signed: SignedDecision): Promise<DecisionAnswer>;
  /** Of the newest of Temporal's runs, unless told otherwise. Undefined when no worker answers, or the history is gone. */
  status(workflowId: string, runId?: string): Promise<ReleaseStatus | undefined>;
  /** Undefined when Temporal does not know the run. */
  look(workflowId: string): Promise<RunView | undefined>;
  /** The version whose workers alone can move the run, and whether there are any; undefined where it is none in particular. */
  versionOf(workflowId: string): Promise<Pick<EngineVersion, 'buildId' | 'polled'> | undefined>;
  versions(): Promise<EngineVersion[]>;
  /** Whether workers ask this queue for steps. */
  isPolled(queue: string): Promise<boolean>;
  laneStatus(lane: LaneKey): Promise<LaneStatus | undefined>;
  /** Delivers a signed order; the same id again is the same order. Throws NoAnswer when no worker has answered. */
  orderLane(signed: SignedLaneOrder): Promise<LaneStatus>;
}

const answerTimeoutMs = 8_000;
/** A worker that is there answers within a tenth of a second. */
const nudgeAfterMs = 1_500;
const queryTimeoutMs = 4_000;

export function createEngine({ client }: { client: Client }): Engine {
  const { workflow } = client;
  const within = <T>(ms: number, call: () => Promise<T>) => client.withDeadline(Date.now() + ms, call);
  return {
    async startRelease(request) {
      const workflowId = releaseId(request);
      try {
        await workflow.start(workflowTypes.deployRelease, {
          workflowId,
          taskQueue: engineQueue,
          args: [request],
          // Open: the same run. Closed: its recorded outcome stands; a new attempt has a new id.
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          priority: priorityOf('release', request.service),
          typedSearchAttributes: attributesOf(runKinds.release, request),
          staticSummary: `${request.service} → ${request.environment}: ${request.branch}@${request.commit.slice(0, 12)}`,
          staticDetails: `Asked by ${plain(request.requestedBy.id)} (${request.requestedBy.via}), attempt ${request.attempt}.`,
        });
        return { releaseId: workflowId, created: true };
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return { releaseId: workflowId, created: false };
        throw error;
      }
    },

    async startRollback({ lane, releaseId: target, decision, request }) {
      const workflowId = rollbackId(lane, decision.decision.id);
      try {
        await workflow.start(workflowTypes.rollBackRelease, {
          workflowId,
          taskQueue: engineQueue,
          args: [{ releaseId: target, request, decision }],
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          priority: priorityOf('rollback', lane.service),
          typedSearchAttributes: attributesOf(runKinds.rollback, request),
          staticSummary: `Roll back ${lane.service} in ${lane.environment}: ${request.commit.slice(0, 12)}`,
          staticDetails: `Ordered by ${plain(decision.decision.by.id)}: ${plain(decision.decision.reason)}`,
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      return { releaseId: workflowId };
    },

    async decide(workflowId, signed) {
      const handle = workflow.getHandle(workflowId);
      // An Update that no worker has accepted is not stored, and may wait for a worker that is dead by now; a Signal is stored, and wakes
      // whichever worker there is. Both carry the same decision, which counts once.
      let signalled: Promise<void> | undefined;
      const signal = () => (signalled ??= handle.signal(messages.decideSignal, signed));
      const nudge = setTimeout(() => void signal().catch(() => undefined), nudgeAfterMs);
      try {
        const message = await within(answerTimeoutMs, () =>
          handle.executeUpdate<string, [SignedDecision]>(messages.decide, {
            args: [signed],
            updateId: signed.decision.id,
          }),
        );
        return { kind: 'taken', message };
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) return { kind: 'refused', reason: reasonOf(error) };
        if (error instanceof WorkflowNotFoundError) return { kind: 'refused', reason: 'the run has ended' };
        if (!(error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)) throw error;
        await signal();
        return { kind: 'queued' };
      } finally {
        clearTimeout(nudge);
      }
    },

    async status(workflowId, runId) {
      const told = await queried(() =>
        within(queryTimeoutMs, () => workflow.getHandle(workflowId, runId).query<unknown>(messages.status)),
      );
      // Whatever answers to that id: what is no status is none.
      return weigh(told) === undefined ? releaseStatus.safeParse(told).data : undefined;
    },

    async look(workflowId) {
      try {
        const { status, raw } = await workflow.getHandle(workflowId).describe();
        const pending = await pendingSteps(client, workflowId, raw.pendingActivities ?? []);
        return { open: status.name === 'RUNNING' || status.name === 'PAUSED', pending };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },

    versionOf: (workflowId) => versionOf(client, workflowId),
    versions: () => listVersions(client),
    isPolled: async (queue) => (await pollersOf(client, queue, 'steps', Date.now())).length > 0,

    laneStatus: (lane) =>
      queried(() =>
        within(queryTimeoutMs, () => workflow.getHandle(laneId(lane)).query<unknown>(messages.laneStatus)),
      ).then(readLaneStatus),

    async orderLane(signed) {
      const { lane, id } = signed.order;
      // The lane may never have been used: ordering something starts it.
      const startWorkflowOperation = new WithStartWorkflowOperation(workflowTypes.environmentLane, {
        workflowId: laneId(lane),
        taskQueue: engineQueue,
        args: [{ lane }],
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        priority: priorityOf('lane', lane.service),
        typedSearchAttributes: keywords(attributesOfNewLane(lane)),
        staticSummary: `Lane of ${lane.service} in ${lane.environment}: one writer at a time`,
      });
      const definition = { type: 'update', name: messages.orderLane } as UpdateDefinition<unknown, unknown[]>;
      try {
        const told = readLaneStatus(
          await within(answerTimeoutMs, () =>
            workflow.executeUpdateWithStart(definition, { args: [signed], updateId: id, startWorkflowOperation }),
          ),
        );
        if (told) return told;
      } catch (error) {
        throw isLate(error) ? new NoAnswer('the order') : error;
      }
      throw new NoAnswer('the order');
    },
  };
}

/** Whatever answers to that id: what is no status is none. */
function readLaneStatus(told: unknown): LaneStatus | undefined {
  return weigh(told) === undefined ? laneStatus.safeParse(told).data : undefined;
}

/** A query needs a worker: without one, what is recorded is all there is. */
async function queried<T>(query: () => Promise<T>): Promise<T | undefined> {
  try {
    return await query();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof QueryNotRegisteredError) return undefined;
    if (isNoAnswer(error)) return undefined;
    throw error;
  }
}

/** Temporal was there, and no worker answered in the time that it had. */
function isLate(error: unknown): boolean {
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isNoAnswer(error);
}

/** gRPC's DEADLINE_EXCEEDED, CANCELLED and FAILED_PRECONDITION (no worker has polled lately), wherever the client wraps them. */
function isNoAnswer(error: unknown): boolean {
  const codes = new Set([1, 4, 9]);
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if ('code' in e && typeof e.code === 'number' && codes.has(e.code)) return true;
  }
  return false;
}

function reasonOf(error: WorkflowUpdateFailedError): string {
  return error.cause instanceof ApplicationFailure || error.cause instanceof Error
    ? error.cause.message
    : error.message;
}

/** What is known of a run when it starts, as far as its kind is to be found by it. */
function attributesOf(kind: RunKind, request: ReleaseRequest): TypedSearchAttributes {
  const { service, environment, commit, requestedBy } = request;
  const known = { service, environment, commit, requestedBy: requestedBy.id, stage: 'joining' };
  const wanted = Object.entries(known).flatMap(([name, value]) => {
    const attribute = kind.searchAttributes.find((one) => one === name);
    return attribute ? [[searchAttributes[attribute], value] as const] : [];
  });
  return keywords(Object.fromEntries(wanted));
}

function keywords(attributes: Record<string, string>): TypedSearchAttributes {
  const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
  return new TypedSearchAttributes(Object.entries(attributes).map(([name, value]) => ({ key: keyword(name), value })));
}
