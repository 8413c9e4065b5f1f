import { isNo } from '../../domain/approval.ts';
import type { Decision, SignedDecision } from '../../domain/contract/decisions.ts';
import { Failure } from '../../domain/errors/failure.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/** Far more than anybody decides about one run; each step of it reads and verifies them all. */
const mostOfOne = 50;

type Known = Pick<GatewayParts, 'records' | 'verifier'>;

/**
 * Those that count are those that are signed: nobody else speaks for this person. Where there are more decisions than anybody could have made, nobody
 * goes by any of them: a no is kept all the same, for when they are taken away.
 */
async function ownOf({ records, verifier }: Known, { by, kind, releaseId }: Decision): Promise<SignedDecision[]> {
  try {
    const all = await records.decisions.list(releaseId);
    return all.filter((one) => one.decision.by.id === by.id && verifier.verify(one));
  } catch (error) {
    if (isNo(kind) && error instanceof Failure && error.details.code === 'SLIP-REC-8') return [];
    throw error;
  }
}

/**
 * Throws 409 for the next decision of somebody who has made too many about this run. Whoever has not said no yet, or asked for the way back,
 * still may.
 */
export async function refuseTooMany(known: Known, decision: Decision): Promise<void> {
  const { by, kind, releaseId } = decision;
  const own = await ownOf(known, decision);
  const isFirstNo = (isNo(kind) || kind === 'roll-back') && !own.some((one) => one.decision.kind === kind);
  if (own.length < mostOfOne || isFirstNo) return;
  const next = 'Nothing was stored. What was decided before counts; somebody else may decide.';
  throw new Refused(409, 'conflict', `${by.id} has decided ${own.length} times about ${releaseId}`, next);
}
