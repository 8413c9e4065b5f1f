import type { SignedDecision } from '../../domain/contract/decisions.ts';
import type { DecisionAnswer } from '../engine.ts';
import type { GatewayParts } from './calls.ts';
import { temporalAway } from '../temporal-away.ts';

/** `unheard`: what became of its delivery cannot be told; `away`: as Temporal is, in words. */
export type Delivered = DecisionAnswer | { kind: 'unheard'; away?: string };

/** Delivers what is stored, and throws nothing: whatever becomes of that, steps go by it from then on, if it is for them. */
export async function delivered(parts: GatewayParts, signed: SignedDecision): Promise<Delivered> {
  const answer = await deliver(parts, signed);
  parts.measures?.told(answer.kind);
  return answer;
}

async function deliver({ engine, log }: GatewayParts, signed: SignedDecision): Promise<Delivered> {
  try {
    return await engine.decide(signed.decision.releaseId, signed);
  } catch (error) {
    const away = temporalAway(error);
    if (away !== undefined) return { kind: 'unheard', away };
    log?.(error);
    return { kind: 'unheard' };
  }
}
