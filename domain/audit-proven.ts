import type { ChainedEntry, ChainEnd, HashSoon } from './audit-chain.ts';
import { proofOfLane, proofOfStatements } from './audit-proof.ts';
import type { LaneProof, StatementsProof } from './audit-proof.ts';
import type { SignedChainEnds } from './contract/evidence.ts';

export interface AuditProof {
  lanes: LaneProof[];
  statements: StatementsProof;
}

/** Rows of a chain, in pages and in order. */
export interface ChainRows {
  rows: AsyncIterable<ChainedEntry[]> | Iterable<ChainedEntry[]>;
  /** Where the records say that it ends, asked before its rows are. */
  recorded?: ChainEnd;
}

export interface Outside {
  statements: readonly SignedChainEnds[];
  /** Whether one of the keys that whoever checks trusts has signed it. */
  holds: (signed: SignedChainEnds) => boolean | Promise<boolean>;
  hash: HashSoon;
}

/**
 * Computes everything where it runs: neither the records nor the gateway are believed, but for what they show. A chain that only the statements
 * know has no rows left. `only`: no other chains are asked about.
 */
export async function proveAudit(
  chains: ReadonlyMap<string, ChainRows>,
  { statements, holds, hash }: Outside,
  { only, progress }: { only?: ReadonlySet<string>; progress?: (lane: string, rows: number) => void } = {},
): Promise<AuditProof> {
  const said = await proofOfStatements(statements, { holds, hash });
  const known = new Set([...chains.keys(), ...said.ends.map(({ lane }) => lane)]);
  const lanes: LaneProof[] = [];
  for (const lane of [...known].filter((one) => only?.has(one) ?? true).sort()) {
    const { rows = [], recorded } = chains.get(lane) ?? {};
    const proof = proofOfLane(lane, said.ends, hash, recorded);
    let taken = 0;
    for await (const page of rows) {
      for (const row of page) await proof.take(row);
      taken += page.length;
      progress?.(lane, taken);
    }
    lanes.push(proof.conclude());
  }
  return { lanes, statements: said };
}

/** What could have happened all the same, and cannot be seen by this. */
export function unseenInWords({ lanes, statements }: AuditProof, unread = 0): string[] {
  const open = lanes.filter(({ rows, provenTo }) => provenTo < rows);
  return [
    ...(statements.ends.length === 0
      ? [
          'no end from outside was given: whether everything was hashed anew, or rows are missing at the end, cannot be told',
        ]
      : open.map(
          ({ lane, provenTo }) => `${lane}: what comes after row ${provenTo} is not covered by an end from outside`,
        )),
    ...(unread > 0 ? [`${unread} lines of the ends could not be read`] : []),
  ];
}
