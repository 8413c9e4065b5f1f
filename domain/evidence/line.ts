import type { HashText } from '../audit-chain.ts';
import type { SignedDecision } from '../contract/decisions.ts';
import type { SignedEvidence } from '../contract/evidence-bundle.ts';
import type { SignedChainEnds } from '../contract/evidence.ts';
import type { SignedLaneOrder } from '../contract/lane.ts';
import type { SignedRequest } from '../contract/requests.ts';

/** One thing that evidence says of a release. `unseen`: it cannot be told by this file alone. */
export interface EvidenceLine {
  state: 'holds' | 'fails' | 'unseen';
  what: string;
  says: string;
}

type Say = (what: string, says: string) => EvidenceLine;
export const holds: Say = (what, says) => ({ state: 'holds', what, says });
export const fails: Say = (what, says) => ({ state: 'fails', what, says });
export const unseen: Say = (what, says) => ({ state: 'unseen', what, says });

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
