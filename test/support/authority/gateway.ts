import type { Verifier } from '../../../activities/shared/signatures.ts';
import type { Decision } from '../../../domain/contract/decisions.ts';
import type { LaneOrder } from '../../../domain/contract/lane.ts';
import type { TakenRequest } from '../../../domain/contract/requests.ts';

/** Who signs here is the gateway alone, whose signatures are told by its memory: forging one is tried elsewhere. */
export function createModelGateway() {
  const known = new Set<string>();
  const seal = (what: unknown) => {
    known.add(JSON.stringify(what));
    return { keyId: 'gateway', signature: 'its own' };
  };
  // What the records hand out never changes: each is looked at once.
  const seen = new WeakMap<object, boolean>();
  const holds = (what: object) => {
    const before = seen.get(what) ?? known.has(JSON.stringify(what));
    if (Object.isFrozen(what)) seen.set(what, before);
    return before;
  };
  const verifier: Verifier = {
    verify: ({ decision }) => holds(decision),
    verifyOrder: ({ order }) => holds(order),
    verifyRequest: ({ taken }) => holds(taken),
    verifyEnds: () => false,
    verifyShipment: () => false,
    verifyToken: () => false,
    verifySession: () => false,
    verifyLogin: () => false,
    keyIds: ['gateway'],
    unsignedRequests: 'refuse',
  };
  return {
    sign: (decision: Decision) => ({ decision, ...seal(decision) }),
    signOrder: (order: LaneOrder) => ({ order, ...seal(order) }),
    signRequest: (taken: TakenRequest) => ({ taken, ...seal(taken) }),
    verifier,
  };
}
