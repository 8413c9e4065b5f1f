import type { HashText } from '../audit-chain.ts';
import type { SignedDecision } from '../contract/decisions.ts';
import type { Addressless, BundledDecision, BundledRequest, SignedEvidence } from '../contract/evidence-bundle.ts';
import type { SignedChainEnds } from '../contract/evidence.ts';
import type { SignedLaneOrder } from '../contract/lane.ts';
import type { SignedRequest } from '../contract/requests.ts';

/**
 * One thing that an evidence file says of a release. `unseen`: it cannot be told by this file alone; `isNeeded`: without it nobody can say that the
 * release was allowed.
 */
export interface EvidenceLine {
  state: 'holds' | 'fails' | 'unseen';
  what: string;
  says: string;
  isNeeded?: true;
}

export type EvidenceVerdict = 'proven' | 'does not hold' | 'cannot be told';

/** Of all of it: what is missing proves nothing, whoever has taken it away. */
export function verdictOf(lines: readonly EvidenceLine[]): EvidenceVerdict {
  if (lines.some(({ state }) => state === 'fails')) return 'does not hold';
  return lines.some(({ isNeeded }) => isNeeded) ? 'cannot be told' : 'proven';
}

type Say = (what: string, says: string) => EvidenceLine;
export const holds: Say = (what, says) => ({ state: 'holds', what, says });
export const fails: Say = (what, says) => ({ state: 'fails', what, says });
/** No such file tells it, or nothing hangs on it. */
export const unseen: Say = (what, says) => ({ state: 'unseen', what, says });
/** The verdict hangs on it. */
export const untold: Say = (what, says) => ({ ...unseen(what, says), isNeeded: true });

/** With what evidence is checked: the keys that whoever checks trusts, and no others. */
export interface CheckedBy {
  verifyEvidence(signed: SignedEvidence): boolean;
  verifyRequest(signed: SignedRequest): boolean;
  verify(signed: SignedDecision): boolean;
  verifyOrder(signed: SignedLaneOrder): boolean;
  verifyEnds(signed: SignedChainEnds): boolean;
  readonly keyIds: readonly string[];
  hash: HashText;
}

/** Where addresses were left out of it, by the word of the gateway that has signed the file. */
function isHeld({ keyId, withAddresses }: Sealed, by: CheckedBy, holdsAsItIs: boolean): boolean {
  return withAddresses === undefined ? holdsAsItIs : withAddresses === 'holds' && by.keyIds.includes(keyId);
}

type Sealed = Addressless & { keyId: string };

export const isRequestSigned = (signed: BundledRequest, by: CheckedBy): boolean =>
  isHeld(signed, by, by.verifyRequest(signed));
export const isDecisionSigned = (signed: BundledDecision, by: CheckedBy): boolean =>
  isHeld(signed, by, by.verify(signed));

/** Of what has a signature that does not hold. */
export function whyNot({ keyId }: { keyId: string }, { keyIds }: Pick<CheckedBy, 'keyIds'>): string {
  return keyIds.includes(keyId)
    ? `it was changed since the key ${keyId} has signed it`
    : `it names the key ${keyId}, which is none of those that were given`;
}

/** The lines of what is wrong; the one line where nothing is. */
export function orElse(wrong: readonly EvidenceLine[], well: EvidenceLine): EvidenceLine[] {
  return wrong.length > 0 ? [...wrong] : [well];
}

export const at = (ms: number): string => new Date(ms).toISOString();
