import {
  CancellationScope,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Authority } from '../activities/steps/types.ts';
import { searchAttributes } from '../domain/contract/names.ts';
import type { PinnedImage } from '../domain/contract/release.ts';
import { longestLog, stages } from '../domain/contract/status.ts';
import type {
  ComponentStatus,
  RegionPhase,
  RegionStatus,
  ReleaseResult,
  ReleaseStatus,
  Stage,
  WaitingFor,
} from '../domain/contract/status.ts';
import { lookedTo } from '../domain/deciders.ts';
import { renderDetails } from '../domain/details.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { head, noteIn } from '../domain/whole-text.ts';
import type { Ended } from './ended.ts';
import { statusQuery, wakeSignal } from './messages.ts';
import type { Part, RunState } from './run-state.ts';

const stageKey = defineSearchAttributeKey(searchAttributes.stage, SearchAttributeType.KEYWORD);
const waitingKey = defineSearchAttributeKey(searchAttributes.waitingFor, SearchAttributeType.KEYWORD);

/** Without a deadline of its own, how long a held run waits for a person, ms. */
const patience = 86_400_000;
/** Characters, of up to three bytes each. Two hundred of them are reported with its end, and a server takes 2 MB. */
const longestLine = 1_000;

/**
 * One run of a release or a rollback, as people and phases see it: a view of its state, which it moves forward and shows in the Temporal UI
 * (search attributes and details) and to the `status` query.
 */
export class Run {
  readonly id = workflowInfo().workflowId;
  /** Everything that is handed over when the run continues as new. */
  readonly state: RunState;
  /** What it was started with: the same again when it continues as new. */
  readonly input: unknown;
  /** A lane that began anew asks who still wants it. */
  laneAsks = false;
  /**
   * A migration in progress is never cancelled: a rollback asked meanwhile waits for its end. One that is only planned is left. Whether one has
   * begun is known to its steps alone: an answer may have been lost.
   */
  migrating: false | 'planning' | 'changing' = false;
  /** Regions that are being put back, until each is over. */
  readonly goingBack = new Map<string, Promise<void>>();
  /** What keeps the new release after a failure is being recorded: an order for all of it to go back ends that. */
  recordsStaying = false;
  /** By what stops them, and where: the first step that was stopped by it, which alone tries again. */
  readonly stuck = new Map<string, string>();
  /** How many steps are being done with patience, and how many of them rest: held, or waiting for one that is. */
  patient = 0;
  resting = 0;
  /** How many decisions were known when the last of them began to rest. */
  restedAt = 0;
  /** What is under way for whoever asks for it, by name: many find at once that a region has to be looked at again. */
  readonly together = new Map<string, Promise<void>>();
  /** Something that people are to be told is being written down. */
  telling = false;
  /** Steps that failed and will be tried again, held or not yet. */
  pausing = 0;
  /** Another part of this run has failed for good: nobody waits for the world any more. */
  failing = false;
  /** What goes forward; cancelled when a person, a newer release or a failure stops it. */
  readonly forward = new CancellationScope();
  ending: Ended | undefined;
  /** Steps that were held when the run moved here, and have not begun here: this version may have none of that name. */
  readonly heldBefore: Set<string>;
  private readonly cameIn: Stage | undefined;

  constructor(input: unknown, state: RunState) {
    this.input = input;
    this.state = state;
    this.heldBefore = new Set(Object.keys(state.held));
    this.cameIn = state.status.timings.findLast(({ stage }) => stage !== 'held')?.stage;
    setHandler(statusQuery, () => this.status, { description: 'How far this run is, and what it waits for' });
    setHandler(wakeSignal, () => undefined, { description: 'Look whether a newer engine is there' });
    // Rendered only when somebody looks: the SDK stringifies what was set when the UI asks, and a page per step is a third of a large replay.
    setCurrentDetails({ toJSON: () => renderDetails(state.request, state.status) } as unknown as string);
  }

  get status(): ReleaseStatus {
    return this.state.status;
  }

  get holdMs(): number {
    return this.state.plan?.onFailure.holdMs ?? this.state.read?.holdMs ?? patience;
  }

  /** Who is looked to when it is held. */
  get deciders(): string {
    const { plan, read, request } = this.state;
    return lookedTo(plan ?? read ?? {}).join(', ') || request.requestedBy.id;
  }

  /** Does a part of the story that is not over yet; after a continue-as-new, what is over is passed by. */
  async once(part: Part, work: () => Promise<unknown>): Promise<void> {
    if (this.state.done.includes(part)) return;
    await work();
    this.state.done.push(part);
  }

  isDone(part: Part): boolean {
    return this.state.done.includes(part);
  }

  /** These parts are to be done again. */
  redo(...parts: Part[]): void {
    this.state.done = this.state.done.filter((part) => !parts.includes(part));
  }

  /** Moves to the next phase: one search attribute update. */
  enter(stage: Stage, doing: string, waitingFor?: WaitingFor): void {
    const now = Date.now();
    const { status } = this;
    if (stage !== 'held' && isLater(stage, this.cameIn)) this.forgetHeldBefore();
    const timing = status.timings.at(-1);
    if (timing?.stage !== stage) {
      if (timing) timing.endedAt = now;
      status.timings.push({ stage, startedAt: now });
    }
    const wasWaiting = status.waitingFor !== undefined;
    status.stage = stage;
    if (waitingFor) status.waitingFor = waitingFor;
    else delete status.waitingFor;
    upsertSearchAttributes([
      { key: stageKey, value: stage },
      ...(waitingFor || wasWaiting ? [{ key: waitingKey, value: waitingFor?.who ?? null }] : []),
    ]);
    this.say(doing);
  }

  /** The story has gone on past where they would have begun. */
  private forgetHeldBefore(): void {
    for (const name of this.heldBefore) delete this.state.held[name];
    this.heldBefore.clear();
  }

  /** One line of the story, for people who follow it. */
  say(words: string): void {
    const { status } = this;
    const line = head(words, longestLine);
    status.doing = line;
    status.log.push({ at: Date.now(), line });
    // Old lines are in the history; the query's answer stays small.
    if (status.log.length > longestLog) status.log.splice(0, status.log.length - longestLog);
  }

  /** What each changing step must show before it gets credentials. */
  authority(): Authority {
    const { ticket, plan, subject } = this.state;
    if (!ticket || !plan) throw new Error('nothing may be changed outside the lane');
    return { releaseId: this.id, subject, planHash: plan.hash, ticket };
  }

  mark(region: string, phase: RegionPhase, component?: { name: string; image: PinnedImage; note: string }): void {
    const entry = this.region(region);
    if (component) {
      const known = entry.components.find((c) => c.component === component.name);
      const next = { component: component.name, image: component.image, note: component.note };
      if (known) Object.assign(known, next, beginning(phase, known));
      else entry.components.push({ ...next, ...beginning(phase) });
    } else {
      Object.assign(entry, entering(phase, entry));
      delete entry.note;
      for (const c of entry.components) Object.assign(c, beginning(phase, c));
    }
  }

  /** The region alone, with the reason in one line; its components stay as they are. */
  markWhy(region: string, phase: RegionPhase, why: string): void {
    const entry = this.region(region);
    Object.assign(entry, entering(phase, entry), { note: noteIn(why) });
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
    this.ending ??= ended;
    this.forward.cancel();
  }

  /** Interrupts what goes forward, so that the failure phase begins. A migration is left to finish first. */
  interrupt(): void {
    if (!this.migrating) this.forward.cancel();
  }

  result(outcome: Outcome, summary: string): ReleaseResult {
    const { artifacts, regions, timings, failure } = this.status;
    return {
      outcome,
      summary,
      ...(this.state.plan && { planHash: this.state.plan.hash }),
      artifacts,
      regions,
      timings,
      ...(failure && { failure }),
    };
  }
}

function isLater(stage: Stage, than: Stage | undefined): boolean {
  return than !== undefined && stages.indexOf(stage) > stages.indexOf(than);
}

/** Of a region: since when it is so, and since when it is being changed. */
function entering(phase: RegionPhase, { begunAt, ...before }: RegionStatus): Partial<RegionStatus> {
  if (before.phase === phase) return {};
  const now = Date.now();
  return { phase, since: now, ...(phase === 'deploying' && { begunAt: begunAt ?? now }) };
}

function beginning(phase: RegionPhase, before?: ComponentStatus): Pick<ComponentStatus, 'phase' | 'since'> {
  return before?.phase === phase ? { phase } : { phase, since: Date.now() };
}
