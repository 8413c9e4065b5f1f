import { sha256 } from '../../activities/shared/sha256.ts';
import { createVerifier } from '../../activities/shared/signatures.ts';
import type { ChainedEntry } from '../../domain/audit-chain.ts';
import { proofOfLane, proofOfStatements } from '../../domain/audit-proof.ts';
import type { LaneProof, StatementsProof } from '../../domain/audit-proof.ts';
import type { SignedChainEnds } from '../../domain/contract/evidence.ts';

export interface AuditProof {
  lanes: LaneProof[];
  statements: StatementsProof;
}

/** Rows of each lane, in pages and in order; a lane that only the statements know has none left. */
export type LaneRows = Map<string, AsyncIterable<ChainedEntry[]> | Iterable<ChainedEntry[]>>;

/** Computes everything here: neither the records nor the gateway are believed, but for what they show. */
export async function proveAudit(
  rows: LaneRows,
  { statements, publicKeys }: { statements: SignedChainEnds[]; publicKeys: string[] },
): Promise<AuditProof> {
  const verifier = createVerifier(publicKeys);
  const said = proofOfStatements(statements, { holds: (signed) => verifier.verifyEnds(signed), hash: sha256 });
  const names = [...new Set([...rows.keys(), ...said.ends.map(({ lane }) => lane)])].sort();
  const lanes: LaneProof[] = [];
  for (const name of names) {
    const proof = proofOfLane(name, said.ends, sha256);
    for await (const page of rows.get(name) ?? []) for (const row of page) proof.take(row);
    lanes.push(proof.conclude());
  }
  return { lanes, statements: said };
}
