import type { StoredDecision } from '../../activities/records/port.ts';
import type { BundledDecision, BundledRequest } from '../../domain/contract/evidence-bundle.ts';
import type { SignedRequest } from '../../domain/contract/requests.ts';

/*
 * Under which addresses people write commits stands in what is signed, where the gateway knows it: that is nothing for whoever may only look. Without them
 * nobody else can check that signature, so that the gateway says whether it holds.
 */

const wordOf = (isHeld: boolean) => (isHeld ? 'holds' : 'does not hold');

/** `isHeld`: whether the signature is one of a gateway. Field by field: nobody else has said that of it. */
export function decisionWithoutAddresses(
  { decision, keyId, signature, refused, afterChange }: StoredDecision,
  isHeld: boolean,
): BundledDecision {
  const seal = { keyId, signature, afterChange, ...(refused !== undefined && { refused }) };
  const { emails, ...by } = decision.by;
  return emails === undefined
    ? { decision, ...seal }
    : { decision: { ...decision, by }, ...seal, withAddresses: wordOf(isHeld) };
}

/** The same of what was asked for. */
export function requestWithoutAddresses({ taken, keyId, signature }: SignedRequest, isHeld: boolean): BundledRequest {
  const { emails, ...requestedBy } = taken.request.requestedBy;
  if (emails === undefined) return { taken, keyId, signature };
  const request = { ...taken.request, requestedBy };
  return { taken: { ...taken, request }, keyId, signature, withAddresses: wordOf(isHeld) };
}
