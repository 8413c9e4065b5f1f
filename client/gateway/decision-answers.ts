import { recordedOutcome } from '../../activities/steps/recorded-result.ts';
import { isForSteps, isNo } from '../../domain/approval.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import type { DecisionTaken } from '../../domain/contract/gateway.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import { worthOf } from '../../domain/refused-decisions.ts';
import type { GatewayParts } from './calls.ts';
import type { Delivered } from './delivered.ts';
import { Refused } from './errors.ts';

/** What has become of it, for machines and in words. */
type Told = Pick<DecisionTaken, 'answer' | 'message'>;

/**
 * What is told to whoever has decided: what the steps will go by. Anybody with access to Temporal can run a workflow that says "taken", or
 * refuses what it then uses, so that its answer is held against the records. Throws 409 where the decision does not count, or nobody can tell
 * whether it came before the end; one that was refused and counts all the same is told as that. Throws 503 while Temporal is away: sent again, it
 * is the same decision, and the run hears of it.
 */
export async function tellAnswer(parts: GatewayParts, decision: Decision, answer: Delivered): Promise<Told> {
  if (answer.kind === 'refused') return tellRefused(parts, decision, answer.reason);
  if (isNo(decision.kind)) await refuseLate(parts, decision);
  switch (answer.kind) {
    // In words of our own: what a run answers is its own word.
    case 'taken':
      return { answer: 'taken', message: 'the run has taken it' };
    case 'queued':
      return { answer: 'queued', message: 'stored; it takes effect when a worker is back' };
    case 'unheard':
      return tellUnheard(parts, decision, answer.away);
  }
}

async function tellUnheard(parts: GatewayParts, decision: Decision, away?: string): Promise<Told> {
  const { id, kind, releaseId } = decision;
  const { outcome, worth } = await worthOnRecord(parts, decision);
  if (worth === 'too late: it has ended') {
    const words = `${releaseId} has ended: ${outcome}; whether it had heard of this before is not known`;
    throw conflict(words, afterEnd(decision, outcome));
  }
  const goneBy = isForSteps(kind) ? ', and each step goes by it' : '';
  if (away !== undefined) {
    const words = `${away}: the decision ${id} is stored${goneBy}, but the run may not have heard of it`;
    throw new Refused(503, 'unavailable', words, 'Check the Temporal server, then send the same decision again.');
  }
  return {
    answer: 'unheard',
    message: `stored${goneBy}; whether the run has heard of it is not known, and the log of the gateway says what went wrong. Where the run does not go by it, decide again; see how it is: slipway status ${releaseId}`,
  };
}

/** A no counts if it was stored before anything was changed, and then at every step, whatever the run says. */
async function refuseLate(parts: GatewayParts, decision: Decision): Promise<void> {
  const { touched, afterChange } = await onRecord(parts, decision);
  if (afterChange) throw conflict(`${touched.join(', ')} had been changed already: ask for a rollback instead`);
}

async function tellRefused(parts: GatewayParts, decision: Decision, reason: string): Promise<Told> {
  const { id, kind, releaseId } = decision;
  // Whether it can be void is for the records to say; what they know after that is what is told.
  await parts.records.decisions.refuse(id, reason);
  const { outcome, worth } = await worthOnRecord(parts, decision);
  switch (worth) {
    case 'too late: it has ended':
      throw conflict(`it came too late: ${releaseId} has ended: ${outcome}`, afterEnd(decision, outcome));
    case 'nothing':
      throw conflict(reason);
    case 'counts':
      if (isNo(kind))
        return {
          answer: 'counts',
          message: `stored, and it counts: no step of the run changes anything from now on, though the run says that ${reason}`,
        };
      return {
        answer: 'counts',
        message: `${reason}. It counts all the same: the run has changed something${kind === 'roll-back' ? `. ${notForward(releaseId)}` : ''}`,
      };
  }
}

async function worthOnRecord(parts: GatewayParts, decision: Decision) {
  const { touched, afterChange, outcome } = await onRecord(parts, decision);
  const run = { hasBegun: touched.length > 0, hasEnded: outcome !== undefined };
  return { outcome, worth: worthOf({ ...decision, afterChange }, run) };
}

async function onRecord({ records }: GatewayParts, { id, releaseId }: Decision) {
  const [weighed, touched, outcome] = await Promise.all([
    records.decisions.weigh(releaseId),
    records.touched.find(releaseId),
    recordedOutcome(records, releaseId),
  ]);
  const afterChange = weighed.find(({ decision }) => decision.id === id)?.afterChange ?? false;
  return { touched: touched?.what ?? [], afterChange, outcome };
}

/** Whoever wanted it stopped, or back, can have back what it has left; the order for that is one of its own. */
function afterEnd({ kind, releaseId }: Decision, outcome: string | undefined): string {
  const wasAgainst = isNo(kind) || kind === 'roll-back';
  const isUndoable = meaningOf(outcome).undoable !== false && orderOfRollback(releaseId) === undefined;
  return wasAgainst && isUndoable
    ? `Order the rollback of the ended release: slipway rollback ${releaseId}`
    : `See how it has ended: slipway status ${releaseId}`;
}

/** No step goes forward; that it goes back is for the run to do, or for a rollback. */
function notForward(releaseId: string): string {
  return `No step of it goes forward any more. See whether it goes back: slipway status ${releaseId}; where it has ended instead: slipway rollback ${releaseId}`;
}

function conflict(reason: string, next?: string): Refused {
  return new Refused(409, 'conflict', reason, next);
}
