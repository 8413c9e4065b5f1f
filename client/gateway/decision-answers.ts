import { isNo } from '../../domain/approval.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import type { DecisionTaken } from '../../domain/contract/gateway.ts';
import type { DecisionAnswer } from '../engine.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/** Words; with `counts` where they are of a decision that the run refuses, and each step goes by. */
type Told = string | Pick<DecisionTaken, 'answer' | 'message'>;

/**
 * What is told to whoever has decided: what the steps will go by. Anybody with access to Temporal can run a workflow that says "taken", or
 * refuses what it then uses, so that its answer is held against the records. Throws 409 where the decision does not count; one that was refused
 * and counts all the same is told as that.
 */
export async function tellAnswer(parts: GatewayParts, decision: Decision, answer: DecisionAnswer): Promise<Told> {
  if (isNo(decision.kind)) await refuseLate(parts, decision, answer);
  if (answer.kind === 'queued') return 'stored; it takes effect when a worker is back';
  if (answer.kind === 'taken') return answer.message;
  const { reason } = answer;
  if (isNo(decision.kind))
    return `stored, and it counts: no step of the run changes anything from now on, though the run says that ${reason}`;
  if (await parts.records.decisions.refuse(decision.id, reason)) throw conflict(reason);
  return { answer: 'counts', message: `${reason}. It counts all the same: the run has changed something` };
}

/** A no counts if it was stored before anything was changed, and then at every step, whatever the run says. */
async function refuseLate(
  { records }: GatewayParts,
  { id, releaseId }: Decision,
  answer: DecisionAnswer,
): Promise<void> {
  const [weighed, touched] = await Promise.all([records.decisions.weigh(releaseId), records.touched.find(releaseId)]);
  if (!weighed.find(({ decision }) => decision.id === id)?.afterChange) return;
  if (answer.kind === 'refused') throw conflict(answer.reason);
  throw conflict(`${touched?.what.join(', ')} had been changed already: ask for a rollback instead`);
}

function conflict(reason: string): Refused {
  return new Refused(409, 'conflict', reason);
}
