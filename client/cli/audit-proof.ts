import { sha256 } from '../../activities/shared/sha256.ts';
import { createVerifier } from '../../activities/shared/signatures.ts';
import { proveAudit } from '../../domain/audit-proven.ts';
import type { AuditProof, ChainRows } from '../../domain/audit-proven.ts';
import type { SignedChainEnds } from '../../domain/contract/evidence.ts';

/** As `slipway audit verify` does it: with the public keys that whoever checks has named. */
export function proveHere(
  chains: ReadonlyMap<string, ChainRows>,
  { statements, publicKeys }: { statements: SignedChainEnds[]; publicKeys: string[] },
): Promise<AuditProof> {
  const verifier = createVerifier(publicKeys);
  return proveAudit(chains, { statements, holds: (signed) => verifier.verifyEnds(signed), hash: sha256 });
}
