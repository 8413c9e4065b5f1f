import type { Millis } from './contract/release.ts';
import { entryOf } from './errors/catalogue.ts';
import { isUnseen } from './failure-course.ts';
import { stepNamed } from './step-words.ts';
import { roleOfQueue } from './task-queues.ts';

/** A step that has not ended yet, as Temporal sees it. */
export interface PendingStep {
  step: string;
  /** What the run said of it: `deploy core 4f0c… in nl`. */
  about?: string;
  /** The task queue whose workers do it. */
  queue?: string;
  /** Which try it is: the one that is under way, or the next one. */
  attempt: number;
  /** How often Temporal tries by itself. */
  mostAttempts?: number;
  /** When it was asked for. */
  askedAt?: Millis;
  /** A worker has this try. */
  isTaken: boolean;
  /** What the last try failed with, if there was one. */
  lastFailure?: string;
  /** Of that failure, where it is one of ours. */
  code?: string;
  /** What it last said about its progress. */
  lastWords?: string;
  /** When it is tried again, while it rests between two tries. */
  nextTryAt?: Millis;
}

/** In one line: what a step does, or what keeps it, and what it last failed with. */
export function stepInWords(pending: PendingStep): string {
  const { attempt, isTaken, lastFailure, lastWords, nextTryAt } = pending;
  const name = nameOf(pending);
  const said = isTaken && lastWords ? `: ${lastWords}` : '';
  if (isNew(pending)) return isTaken ? `${name} is running${said}.` : `${name} ${waiting(pending)}`;
  const turn = turnOf(pending);
  if (turn !== undefined) return inTurn(pending, name, { turn, said });
  const cause = `The last try: ${withoutStop(lastFailure ?? 'its worker was lost')}.`;
  const which = `try ${attempt}${pending.mostAttempts ? ` of ${pending.mostAttempts}` : ''}`;
  if (isTaken) return `${name} is being tried again (${which})${said}. ${cause}`;
  if (nextTryAt !== undefined)
    return `${name} failed, and is tried again at ${new Date(nextTryAt).toISOString()} (${which}). ${cause}`;
  return `${name} is to be tried again (${which}), and ${waiting(pending)} ${cause}`;
}

/** Nothing has failed: what comes before it is not over, as that says of itself. Undefined of a step that has failed. */
function turnOf({ code, lastFailure }: PendingStep): string | undefined {
  if (code === undefined || lastFailure === undefined || !isUnseen({ code })) return undefined;
  const title = `${entryOf(code)?.title}: `;
  return withoutStop(lastFailure.startsWith(title) ? lastFailure.slice(title.length) : lastFailure);
}

function inTurn(pending: PendingStep, name: string, { turn, said }: { turn: string; said: string }): string {
  const { isTaken, nextTryAt } = pending;
  if (isTaken) return `${name} is running${said}. It had to wait before: ${turn}.`;
  if (nextTryAt === undefined) return `${name} had to wait (${turn}), and ${waiting(pending)}`;
  return `${name} waits: ${turn}. It asks again at ${new Date(nextTryAt).toISOString()}.`;
}

/** Something is in its way: it has failed, or no worker has taken it for longer than one that is there takes. */
export function isStuck(pending: PendingStep, now: Millis): boolean {
  const { isTaken, askedAt = now, nextTryAt = askedAt } = pending;
  if (turnOf(pending) !== undefined) return !isTaken && now - nextTryAt > patienceMs;
  return !isNew(pending) || (!isTaken && now - askedAt > patienceMs);
}

const patienceMs = 10_000;

function isNew({ attempt, lastFailure }: PendingStep): boolean {
  return attempt <= 1 && lastFailure === undefined;
}

/** What a run asks itself is no name of what it does. */
function nameOf({ step, about }: PendingStep): string {
  return about === undefined || about.endsWith('?') ? stepNamed(step) : about;
}

function waiting(pending: PendingStep): string {
  const { queue, askedAt } = pending;
  const role = queue === undefined ? undefined : roleOfQueue(queue);
  const which = role ?? (queue ? `the task queue ${queue}` : 'its task queue');
  const since = isNew(pending) && askedAt !== undefined ? ` since ${new Date(askedAt).toISOString()}` : '';
  const next =
    role === undefined ? 'Start one, if there is none' : `Start one with SLIPWAY_ROLES=${role}, if there is none`;
  return `waits for a worker of ${which}: none has taken it${since}. ${next}: \`slipway doctor\` says which are missing.`;
}

function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, '');
}
