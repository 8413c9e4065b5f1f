import type { Records } from '../../../activities/records/port.ts';
import type { GatewayParts } from '../../../client/gateway/calls.ts';
import { planInForce, storeDecision } from '../../../client/gateway/decisions.ts';
import { Refused } from '../../../client/gateway/errors.ts';
import type { Decision } from '../../../domain/contract/decisions.ts';
import type { EnvironmentFloor } from '../../../domain/contract/policy.ts';
import type { createModelGateway } from './gateway.ts';

export interface Door {
  records: Records;
  gateway: ReturnType<typeof createModelGateway>;
  floorOf: (environment: string) => Promise<EnvironmentFloor>;
  now: () => number;
}

/**
 * How a decision gets on record: as the real gateway lets it through, with its signature. What that refuses is written there all the same, by
 * somebody who may write to the records and has no key.
 */
export function createDecisionDoor({ records, gateway, floorOf, now }: Door) {
  const asked: Pick<GatewayParts, 'records' | 'verifier' | 'now'> = { records, verifier: gateway.verifier, now };
  const parts = { ...asked, signer: { sign: gateway.sign }, pipeline: { floorOf } } as unknown as GatewayParts;
  return async (decision: Decision): Promise<void> => {
    try {
      await storeDecision(parts, decision, await planInForce(parts, decision.releaseId));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await records.decisions.store({ decision, keyId: 'gateway', signature: 'forged' });
    }
  };
}
