import { isNo } from '../../domain/approval.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import type { DecisionAnswer } from '../engine.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/**
 * What is told to whoever has decided: what the steps will go by. Anybody with access to Temporal can run a workflow that says "taken", or
 * refuses what it then uses, so that its answer is held against the records. Throws 409 where the decision does not count, or where it was
 * refused and counts all the same.
 */
export async function tellAnswer(parts: GatewayParts, decision: Decision, answer: DecisionAnswer): Promise<string> {
  if (isNo(decision.kind)) return tellOfNo(parts, decision, answer);
  if (answer.kind === 'queued') return 'stored; it takes effect when a worker is back';
  if (answer.kind === 'taken') return answer.message;
  const isVoid = await parts.records.decisions.refuse(decision.id, answer.reason);
  throw conflict(isVoid ? answer.reason : `${answer.reason}. It counts all the same: the run has changed something`);
}

/** A no counts if it was stored before anything was changed, and then at every step, whatever the run says. */
async function tellOfNo(
  { records }: GatewayParts,
  { id, releaseId }: Decision,
  answer: DecisionAnswer,
): Promise<string> {
  const [weighed, touched] = await Promise.all([records.decisions.weigh(releaseId), records.touched.find(releaseId)]);
  const isLate = weighed.find(({ decision }) => decision.id === id)?.afterChange ?? false;
  if (isLate && answer.kind === 'refused') throw conflict(answer.reason);
  if (isLate) throw conflict(`${touched?.what.join(', ')} had been changed already: ask for a rollback instead`);
  if (answer.kind === 'taken') return answer.message;
  return answer.kind === 'queued'
    ? 'stored; it takes effect when a worker is back'
    : `stored, and it counts: no step of the run changes anything from now on, though the run says that ${answer.reason}`;
}

function conflict(reason: string): Refused {
  return new Refused(409, 'conflict', reason);
}
