import type { Records } from '../../activities/records/port.ts';
import { isNo } from '../../domain/approval.ts';
import type { Decision, SignedDecision } from '../../domain/contract/decisions.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { Refused } from './errors.ts';

/** Far more than anybody decides about one run; each step of it reads and verifies them all. */
const mostOfOne = 50;

/** Where there are more decisions than anybody could have made, nobody goes by any of them: a no is kept all the same, for when they are taken away. */
async function ownOf(
  { decisions }: Pick<Records, 'decisions'>,
  { by, kind, releaseId }: Decision,
): Promise<SignedDecision[]> {
  try {
    return (await decisions.list(releaseId)).filter((one) => one.decision.by.id === by.id);
  } catch (error) {
    if (isNo(kind) && error instanceof Failure && error.details.code === 'SLIP-REC-8') return [];
    throw error;
  }
}

/**
 * Throws 409 for the next decision of somebody who has made too many about this run. Whoever has not said no yet, or asked for the way back,
 * still may.
 */
export async function refuseTooMany(records: Pick<Records, 'decisions'>, decision: Decision): Promise<void> {
  const { by, kind, releaseId } = decision;
  const own = await ownOf(records, decision);
  const isFirstNo = (isNo(kind) || kind === 'roll-back') && !own.some((one) => one.decision.kind === kind);
  if (own.length < mostOfOne || isFirstNo) return;
  const next = 'Nothing was stored. What was decided before counts; somebody else may decide.';
  throw new Refused(409, 'conflict', `${by.id} has decided ${own.length} times about ${releaseId}`, next);
}
