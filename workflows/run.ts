import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Authority } from '../activities/steps/types.ts';
import type { SignedDecision } from '../domain/contract/decisions.ts';
import { searchAttributes } from '../domain/contract/names.ts';
import type { PinnedImage, ReleasePlan, ReleaseRequest, ReleaseSpec, Ticket } from '../domain/contract/release.ts';
import type {
  RegionPhase,
  RegionStatus,
  ReleaseResult,
  ReleaseStatus,
  Stage,
  WaitingFor,
} from '../domain/contract/status.ts';
import { renderDetails } from '../domain/details.ts';
import { outcomes } from '../domain/outcomes.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { Ended } from './ended.ts';
import { failureOf } from './failures.ts';
import { statusQuery } from './messages.ts';
import { changing } from './steps.ts';

const stageKey = defineSearchAttributeKey(searchAttributes.stage, SearchAttributeType.KEYWORD);
const waitingKey = defineSearchAttributeKey(searchAttributes.waitingFor, SearchAttributeType.KEYWORD);
const outcomeKey = defineSearchAttributeKey(searchAttributes.outcome, SearchAttributeType.KEYWORD);

/**
 * One run of a release or a rollback: what it is about, how far it is, and what people have decided. It shows itself in the Temporal UI
 * (search attributes and details) and to the `status` query; the phases move it forward.
 */
export class Run {
  readonly id = workflowInfo().workflowId;
  readonly request: ReleaseRequest;
  readonly kind: 'release' | 'rollback';
  /** The release whose plan and approvals count; a rollback run is about another one. */
  readonly subject: string;
  spec: ReleaseSpec | undefined;
  plan: ReleasePlan | undefined;
  planHash: string | undefined;
  /** When the plan was put before people, ms. */
  askedAt = 0;
  /** Set by whoever joined the lane: the last thing a run does. */
  leaveLane: ((result: ReleaseResult) => Promise<void>) | undefined;
  ticket: Ticket | undefined;
  /** The newest ticket that this run was ever given, also when it has given it back. */
  lastTicket: Ticket | undefined;
  /** What the lane last said about why we wait. */
  laneReason: string | undefined;
  /** A lane that began anew asks who still wants it. */
  laneAsks = false;
  decisions: SignedDecision[] = [];
  rollbackAsked: SignedDecision | undefined;
  /** Something outside may have been changed: set before the first step that could. */
  touched = false;
  /** What later rollbacks must never go back to: the release that failed, where it failed. */
  revoked: { releaseId: string; regions: string[] } | undefined;
  /** A migration in progress is never cancelled: a rollback asked meanwhile waits for its end. */
  migrating = false;
  readonly status: ReleaseStatus;
  readonly #forward = new CancellationScope();
  #ending: Ended | undefined;

  constructor(request: ReleaseRequest, kind: 'release' | 'rollback' = 'release', subject?: string) {
    this.request = request;
    this.kind = kind;
    this.subject = subject ?? this.id;
    this.status = {
      releaseId: this.id,
      stage: 'joining',
      doing: 'reading the pipeline file',
      artifacts: [],
      migrations: [],
      regions: [],
      checks: [],
      timings: [{ stage: 'joining', startedAt: Date.now() }],
      approvals: [],
      log: [],
    };
    setHandler(statusQuery, () => this.status, { description: 'How far this run is, and what it waits for' });
  }

  /** Moves to the next phase: one search attribute update, and the details that the Temporal UI shows. */
  enter(stage: Stage, doing: string, waitingFor?: WaitingFor): void {
    const now = Date.now();
    const timing = this.status.timings.at(-1);
    if (timing?.stage !== stage) {
      if (timing) timing.endedAt = now;
      this.status.timings.push({ stage, startedAt: now });
    }
    const wasWaiting = this.status.waitingFor !== undefined;
    this.status.stage = stage;
    if (waitingFor) this.status.waitingFor = waitingFor;
    else delete this.status.waitingFor;
    upsertSearchAttributes([
      { key: stageKey, value: stage },
      ...(waitingFor || wasWaiting ? [{ key: waitingKey, value: waitingFor?.who ?? null }] : []),
    ]);
    this.say(doing);
  }

  /** One line of the story, for people who follow it. */
  say(line: string): void {
    this.status.doing = line;
    this.status.log.push({ at: Date.now(), line });
    // Old lines are in the history; the query's answer stays small.
    if (this.status.log.length > 200) this.status.log.splice(0, this.status.log.length - 200);
    this.show();
  }

  /** What each changing step must show before it gets credentials. */
  authority(): Authority {
    if (!this.ticket || !this.planHash) throw new Error('nothing may be changed outside the lane');
    return { releaseId: this.id, subject: this.subject, planHash: this.planHash, ticket: this.ticket };
  }

  show(): void {
    setCurrentDetails(renderDetails(this.request, this.status));
  }

  mark(region: string, phase: RegionPhase, component?: { name: string; image: PinnedImage; note: string }): void {
    const entry = this.region(region);
    if (component) {
      const known = entry.components.find((c) => c.component === component.name);
      const next = { component: component.name, image: component.image, phase, note: component.note };
      if (known) Object.assign(known, next);
      else entry.components.push(next);
    } else {
      entry.phase = phase;
      for (const c of entry.components) c.phase = phase;
    }
    this.show();
  }

  region(name: string): RegionStatus {
    const found = this.status.regions.find((r) => r.region === name);
    if (found) return found;
    const made: RegionStatus = { region: name, phase: 'pending', components: [] };
    this.status.regions.push(made);
    return made;
  }

  /** Ends the story at its next step, as this outcome. */
  stop(ended: Ended): void {
    this.#ending ??= ended;
    this.#forward.cancel();
  }

  /** Interrupts what goes forward, so that the failure phase begins. A migration is left to finish first. */
  interrupt(): void {
    if (!this.migrating) this.#forward.cancel();
  }

  /** Runs the story and makes sure that it has an end that is recorded, whatever happens in it. */
  async conclude(story: () => Promise<ReleaseResult>): Promise<ReleaseResult> {
    let result: ReleaseResult;
    let error: unknown;
    try {
      result = await this.#forward.run(story);
    } catch (caught) {
      error = caught;
      result = this.#endOf(caught);
    }
    await CancellationScope.nonCancellable(() => this.#close(result));
    const { close } = outcomes[result.outcome as Outcome];
    if (close === 'failed') {
      throw ApplicationFailure.create({
        message: result.summary,
        type: result.outcome,
        nonRetryable: true,
        details: [result],
        ...(error instanceof Error && { cause: error }),
      });
    }
    return result;
  }

  #endOf(error: unknown): ReleaseResult {
    // A step that fails while it is being stopped must not hide that a person stopped it.
    const stopped = this.touched ? undefined : this.#ending;
    const ended = error instanceof Ended ? error : (stopped ?? (isCancellation(error) ? cancelled : undefined));
    if (ended) return this.result(ended.outcome, ended.message);
    this.status.failure = failureOf(error);
    return this.result(
      this.touched ? 'halted' : 'failed',
      `${this.status.failure.title}: ${this.status.failure.detail}`,
    );
  }

  async #close(result: ReleaseResult): Promise<void> {
    this.enter('done', result.summary);
    upsertSearchAttributes([{ key: outcomeKey, value: result.outcome }]);
    try {
      await changing.engine.recordEnd.executeWithOptions({ summary: `record: ${result.outcome}` }, [
        {
          releaseId: this.id,
          result: { ...result, timings: this.status.timings },
          notify: this.spec?.notify ?? [],
          ...(this.touched && result.outcome !== 'verified' && { report: this.status }),
          ...(this.revoked && { revoke: this.revoked }),
        },
      ]);
    } finally {
      // Also when the records refuse the outcome: others wait for the lane.
      await this.leaveLane?.(result);
      await condition(allHandlersFinished);
    }
  }

  result(outcome: Outcome, summary: string): ReleaseResult {
    return {
      outcome,
      summary,
      ...(this.planHash && { planHash: this.planHash }),
      artifacts: this.status.artifacts,
      regions: this.status.regions,
      timings: this.status.timings,
      ...(this.status.failure && { failure: this.status.failure }),
    };
  }
}

const cancelled = new Ended('aborted', 'cancelled in Temporal before anything was changed');
