import { proveAudit } from '../../../domain/audit-proven.ts';
import type { AuditProof, Outside } from '../../../domain/audit-proven.ts';
import { statementsIn } from '../../../domain/audit-statements.ts';
import type { LaneEnd } from '../../../domain/contract/evidence.ts';
import { pagesOf } from './audit-rows.ts';
import { sha256 } from './hashes.ts';
import { holdsBy, NoSignatures } from './public-keys.ts';

/** What somebody has picked from outside the database. */
export interface FromOutside {
  ends: readonly File[];
  keys: readonly File[];
}

export interface Checked extends AuditProof {
  /** Lines of the ends that are no statement. */
  unread: number;
  /** Why no signature was checked though ends were given: they count for nothing then. */
  unsigned?: string;
  /** Chains that the ends speak of, and that were not looked at: nothing is known of them. */
  unlooked: string[];
}

/** Of all files together: a year of statements is far less. */
const mostBytes = 200_000_000;

interface Checking {
  outside: FromOutside;
  /** Chains of which only the ends speak: whether they should be there; without, no others than those that are given are asked for. */
  isMissed?: (chain: string) => boolean;
  signal: AbortSignal;
  progress: (rows: number) => void;
}

/** Reads every row of these chains and computes everything anew, here: by the rule of `slipway audit verify`. */
export async function checkChains(ends: readonly LaneEnd[], how: Checking): Promise<Checked> {
  const { outside, isMissed, signal, progress } = how;
  const { all: statements, unread } = statementsIn(await textsOf(outside.ends));
  const { holds, unsigned } = await holdsIn(outside);
  const chains = new Map(ends.map((end) => [end.lane, { rows: pagesOf(end.lane, signal), recorded: end }]));
  const named = new Set(statements.flatMap(({ statement }) => statement.ends.map(({ lane }) => lane)));
  const only = new Set([...chains.keys(), ...[...named].filter((lane) => isMissed?.(lane))]);
  const taken = new Map<string, number>();
  const proof = await proveAudit(
    chains,
    { statements: unsigned === undefined ? statements : [], holds, hash: sha256 },
    {
      only,
      progress: (chain, rows) => progress([...taken.set(chain, rows).values()].reduce((sum, one) => sum + one, 0)),
    },
  );
  // Of those alone that somebody has signed.
  const known = new Set(proof.statements.ends.map(({ lane }) => lane));
  const unlooked = isMissed ? [...known].filter((lane) => !only.has(lane)).sort() : [];
  return { ...proof, unread, unlooked, ...(unsigned !== undefined && { unsigned }) };
}

async function holdsIn({ ends, keys }: FromOutside): Promise<{ holds: Outside['holds']; unsigned?: string }> {
  const nobody = { holds: () => false };
  if (ends.length === 0) return nobody;
  if (keys.length === 0) return { ...nobody, unsigned: 'no public key was given to check them by' };
  try {
    return { holds: await holdsBy(await textsOf(keys)) };
  } catch (error) {
    if (error instanceof NoSignatures) return { ...nobody, unsigned: error.message };
    throw error;
  }
}

async function textsOf(files: readonly File[]): Promise<string[]> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > mostBytes) throw new Error('these files have more than 200 MB: check them with slipway audit verify');
  return Promise.all(files.map((file) => file.text()));
}
