import { randomUUID } from 'node:crypto';
import {
  QueryNotRegisteredError,
  QueryRejectedError,
  WithStartWorkflowOperation,
  WorkflowClient,
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
import { inTime } from '../activities/shared/in-time.ts';
import { laneStatus, releaseStatus } from '../activities/steps/input-documents.ts';
import { weigh } from '../domain/weight.ts';
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
import type { EngineAway } from '../domain/engine-away.ts';
import type { EngineVersion, NoneCurrent } from '../domain/engine-versions.ts';
import { plain } from '../domain/details.ts';
import { attributesOfNewLane } from '../domain/lane-state.ts';
import { priorityOf } from '../domain/priority.ts';
import type { PendingStep } from '../domain/pending-step.ts';
import { requesterInWords } from '../domain/requester.ts';
import { pendingSteps } from './pending-steps.ts';
import { NoAnswer, NotTaken, TemporalLate } from './no-answer.ts';
import { pollersOf } from './pollers.ts';
import { sharedQuestions } from './shared-questions.ts';
import { isNoAnswer, temporalAway } from './temporal-away.ts';
import { listVersions, noneCurrent, versionOf } from './versions.ts';

export interface RunView {
  /** The first of Temporal's runs of which it is one, where each went on for the one before; absent where nobody has asked. */
  firstRunId?: string;
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
  /** At the newest of Temporal's runs, unless told otherwise. Undefined when Temporal does not know the run. */
  look(workflowId: string, runId?: string): Promise<RunView | undefined>;
  /** The version whose workers alone can move the run, and whether there are any; undefined where it is none in particular. */
  versionOf(workflowId: string): Promise<Pick<EngineVersion, 'buildId' | 'polled'> | undefined>;
  versions(): Promise<EngineVersion[]>;
  /** Undefined while a version is current: runs that are new can begin. */
  noneCurrent(): Promise<NoneCurrent | undefined>;
  /** Whether workers ask this queue for steps. */
  isPolled(queue: string): Promise<boolean>;
  /** Undefined where no lane runs, and where nobody answers for it. */
  laneStatus(lane: LaneKey): Promise<LaneStatus | undefined>;
  /** Asked when nobody has answered: who is away. Throws nothing. */
  away(): Promise<Exclude<EngineAway, 'lane' | 'begun'>>;
  /** Has the lane run, from the records where it had ended; nothing happens to one that runs. */
  beginLane(lane: LaneKey): Promise<void>;
  /** Delivers a signed order; the same order again changes nothing. Throws NoAnswer, and NotTaken where it is refused. */
  orderLane(signed: SignedLaneOrder): Promise<LaneStatus>;
}

/** ms that an answer may take. */
export interface EngineTimes {
  answer: number;
  query: number;
  /** Of what Temporal answers by itself, when it has been waited for already. */
  probe: number;
}

const usualTimes: EngineTimes = { answer: 8_000, query: 4_000, probe: 2_000 };
/** That the client has to keep its own limit. */
const graceMs = 500;
/** A worker that is there answers within a tenth of a second. */
const nudgeAfterMs = 1_500;

/** Nothing is asked of Temporal without a limit: three such questions one after the other fit into the 30 s that the command line waits. */
export function createEngine({ client, times = usualTimes }: { client: Client; times?: EngineTimes }): Engine {
  const { workflow } = client;
  const within = <T>(ms: number, call: () => Promise<T>) =>
    inTime(client.withDeadline(Date.now() + ms, call), ms + graceMs, (words) => new TemporalLate(words));
  const shared = sharedQuestions();
  // Whoever shares a question has waited for the one before it.
  const asked = <T>(about: string, query: () => Promise<T>) =>
    inTime(
      shared(about, () => within(times.query, query)),
      times.query + graceMs,
      (words) => new TemporalLate(words),
    );
  return {
    async startRelease(request) {
      const workflowId = releaseId(request);
      try {
        await within(times.answer, () =>
          workflow.start(workflowTypes.deployRelease, {
            workflowId,
            taskQueue: engineQueue,
            args: [request],
            // Open: the same run. Closed: its recorded outcome stands; a new attempt has a new id.
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            priority: priorityOf('release', request.service),
            typedSearchAttributes: attributesOf(runKinds.release, request),
            staticSummary: `${request.service} → ${request.environment}: ${request.branch}@${request.commit.slice(0, 12)}`,
            staticDetails: `Asked by ${plain(requesterInWords({ ...request, requestedBy: request.requestedBy.id }))} (${request.requestedBy.via}), attempt ${request.attempt}.`,
          }),
        );
        return { releaseId: workflowId, created: true };
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return { releaseId: workflowId, created: false };
        throw error;
      }
    },

    async startRollback({ lane, releaseId: target, decision, request }) {
      const workflowId = rollbackId(lane, decision.decision.id);
      try {
        await within(times.answer, () =>
          workflow.start(workflowTypes.rollBackRelease, {
            workflowId,
            taskQueue: engineQueue,
            args: [{ releaseId: target, request, decision }],
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            priority: priorityOf('rollback', lane.service),
            typedSearchAttributes: attributesOf(runKinds.rollback, request),
            staticSummary: `Roll back ${lane.service} in ${lane.environment}: ${request.commit.slice(0, 12)}`,
            staticDetails: `Ordered by ${plain(decision.decision.by.id)}: ${plain(decision.decision.reason)}`,
          }),
        );
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
      const signal = () => (signalled ??= within(times.query, () => handle.signal(messages.decideSignal, signed)));
      const nudge = setTimeout(() => void signal().catch(() => undefined), nudgeAfterMs);
      try {
        const message = await within(times.answer, () =>
          handle.executeUpdate<string, [SignedDecision]>(messages.decide, {
            args: [signed],
            updateId: signed.decision.id,
          }),
        );
        return { kind: 'taken', message };
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) return { kind: 'refused', reason: reasonOf(error) };
        if (error instanceof WorkflowNotFoundError) return { kind: 'refused', reason: 'the run has ended' };
        if (!isLate(error)) throw error;
        await signal();
        return { kind: 'queued' };
      } finally {
        clearTimeout(nudge);
      }
    },

    async status(workflowId, runId) {
      const ask = () => workflow.getHandle(workflowId, runId).query<unknown>(messages.status);
      const told = await queried(() => asked(`${workflowId} ${runId ?? ''}`, ask));
      // Whatever answers to that id: what is no status is none.
      return weigh(told) === undefined ? releaseStatus.safeParse(told).data : undefined;
    },

    async look(workflowId, ofRun) {
      // Whoever restores records writes run ids of its own: no server takes one.
      if (ofRun !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(ofRun)) return undefined;
      try {
        return await within(times.query, async () => {
          const { status, raw, runId } = await workflow.getHandle(workflowId, ofRun).describe();
          const pending = await pendingSteps(client, workflowId, raw.pendingActivities ?? []);
          return {
            firstRunId: raw.workflowExecutionInfo?.firstRunId || runId,
            open: status.name === 'RUNNING' || status.name === 'PAUSED',
            pending,
          };
        });
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },

    versionOf: (workflowId) => within(times.query, () => versionOf(client, workflowId)),
    versions: () => within(times.answer, () => listVersions(client)),
    noneCurrent: () => within(times.query, () => noneCurrent(client)),
    isPolled: async (queue) =>
      (await within(times.answer, () => pollersOf(client, queue, 'steps', Date.now()))).length > 0,

    async laneStatus(lane) {
      const ask = () => whileOpen(client).getHandle(laneId(lane)).query<unknown>(messages.laneStatus);
      const told = await queried(() => asked(laneId(lane), ask), isLate);
      return readLaneStatus(told);
    },

    async away() {
      try {
        const alive = await within(times.probe, () => pollersOf(client, engineQueue, 'workflows', Date.now()));
        return alive.length > 0 ? 'unknown' : 'workers';
      } catch (error) {
        return isLate(error) ? 'temporal' : 'unknown';
      }
    },

    async beginLane(lane) {
      await within(times.answer, () => workflow.start(workflowTypes.environmentLane, aLane(lane)));
    },

    async orderLane(signed) {
      const { lane, id } = signed.order;
      // The lane may never have been used: ordering something starts it.
      const startWorkflowOperation = new WithStartWorkflowOperation(workflowTypes.environmentLane, aLane(lane));
      // Each delivery has an id of its own: one that the lane has refused is answered as it was, and never heard again.
      const updateId = `${id}/${randomUUID()}`;
      const definition = { type: 'update', name: messages.orderLane } as UpdateDefinition<unknown, unknown[]>;
      try {
        const told = readLaneStatus(
          await within(times.answer, () =>
            workflow.executeUpdateWithStart(definition, { args: [signed], updateId, startWorkflowOperation }),
          ),
        );
        if (told) return told;
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) throw new NotTaken(reasonOf(error));
        throw isLate(error) ? new NoAnswer('the order') : error;
      }
      throw new NoAnswer('the order');
    },
  };
}

/** Temporal has queries of a workflow that is closed answered as well: its last words are nobody's. */
function whileOpen({ connection, workflow }: Client): WorkflowClient {
  return new WorkflowClient({ ...workflow.options, connection, queryRejectCondition: 'NOT_OPEN' });
}

/** The one that runs, or a new one, which goes by the records. */
function aLane(lane: LaneKey) {
  return {
    workflowId: laneId(lane),
    taskQueue: engineQueue,
    args: [{ lane }],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    priority: priorityOf('lane', lane.service),
    typedSearchAttributes: keywords(attributesOfNewLane(lane)),
    staticSummary: `Lane of ${lane.service} in ${lane.environment}: one writer at a time`,
  };
}

/** Whatever answers to that id: what is no status is none. */
function readLaneStatus(told: unknown): LaneStatus | undefined {
  return weigh(told) === undefined ? laneStatus.safeParse(told).data : undefined;
}

/** A query needs a worker: without one, what is recorded is all there is. */
async function queried<T>(query: () => Promise<T>, isUnanswered = isNoAnswer): Promise<T | undefined> {
  try {
    return await query();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof QueryRejectedError) return undefined;
    if (error instanceof QueryNotRegisteredError) return undefined;
    if (isUnanswered(error)) return undefined;
    throw error;
  }
}

/** Nobody has answered: no worker, or Temporal itself, which may as well be away as slow. */
function isLate(error: unknown): boolean {
  const isUpdate = error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
  return isUpdate || isNoAnswer(error) || temporalAway(error) !== undefined;
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
