import { isForSteps } from '../../domain/approval.ts';
import type { SignedDecision } from '../../domain/contract/decisions.ts';
import type { DecisionAnswer } from '../engine.ts';
import type { GatewayParts } from './calls.ts';
import { Refused, temporalAway } from './errors.ts';

/** `unheard`: what became of its delivery cannot be told. */
export type Delivered = DecisionAnswer | { kind: 'unheard' };

/**
 * Delivers what is stored: whatever becomes of that, steps go by it from then on, if it is for them. Throws 503, which says so, while Temporal is
 * away: sent again, it is the same decision, and the run hears of it.
 */
export async function delivered({ engine, log }: GatewayParts, signed: SignedDecision): Promise<Delivered> {
  const { id, kind, releaseId } = signed.decision;
  try {
    return await engine.decide(releaseId, signed);
  } catch (error) {
    const away = temporalAway(error);
    if (away === undefined) {
      log?.(error);
      return { kind: 'unheard' };
    }
    const goneBy = isForSteps(kind) ? ', and each step goes by it' : '';
    const words = `${away}: the decision ${id} is stored${goneBy}, but the run may not have heard of it`;
    throw new Refused(503, 'unavailable', words, 'Check the Temporal server, then send the same decision again.');
  }
}
