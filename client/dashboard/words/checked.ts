import { findingInWords } from '../../../domain/audit-proof.ts';
import type { Finding } from '../../../domain/audit-proof.ts';
import { unseenInWords } from '../../../domain/audit-proven.ts';
import type { AuditProof } from '../../../domain/audit-proven.ts';
import type { Me } from '../../../domain/contract/gateway.ts';
import { visible } from '../../../domain/visible.ts';
import { plural } from '../../cli/words.ts';
import { rowsInWords } from './audit.ts';
import { begun } from './sentence.ts';
import type { Tone } from './states.ts';
import { exactly } from './times.ts';

/** What checking has come to, in a sentence, and all that is to be known with it. */
export interface CheckedInWords {
  tone: Tone;
  icon: string;
  says: string;
  /** What was found, the first first. */
  problems: string[];
  /** What could have happened all the same. */
  unseen: string[];
  /** Where the first of them is: the number of a row, or of the one behind it. */
  first?: { chain: string; n: number };
}

const mostProblems = 50;

type Proof = AuditProof & { unread: number; unsigned?: string | undefined; unlooked: readonly string[] };

/** Good only where somebody outside has vouched for every chain: rows that fit may all have been written anew. */
export function checkedInWords(proof: Proof): CheckedInWords {
  const { lanes, statements, unsigned, unlooked } = proof;
  const findings = lanes.flatMap((lane) => lane.findings);
  const problems = [...findings.map(whatIsWrong), ...statements.problems.map((one) => `The ends: ${one}.`)].map(
    visible,
  );
  const unseen = [
    ...unlooked.map(
      (chain) => `${chain} was not looked at: the ends speak of it, and it is not among what you may look at.`,
    ),
    ...(unsigned === undefined ? [] : [`The ends were not checked: ${unsigned}. They count for nothing here.`]),
    ...unseenInWords(proof, proof.unread).map((one) => `${begun(one)}.`),
  ].map(visible);
  const [found] = findings;
  const shown = {
    ...{ problems: bounded(problems), unseen: bounded(unseen) },
    ...(found && { first: { chain: found.lane, n: 'row' in found ? found.row : found.from } }),
  };
  const [first] = problems;
  if (first !== undefined)
    return { tone: 'stop', icon: 'failed', says: `The audit is not as it was written. ${first}`, ...shown };
  return { ...vouchedInWords(proof), ...shown };
}

/** Of chains in which nothing was found: by how much of them somebody outside has vouched for. */
function vouchedInWords({ lanes, statements, unlooked }: Proof): Pick<CheckedInWords, 'tone' | 'icon' | 'says'> {
  const rows = lanes.reduce((sum, lane) => sum + lane.rows, 0);
  const of = `${rowsInWords(rows)} in ${plural(lanes.length, 'chain')}`;
  const kept = lanes.filter((lane) => lane.rows > 0);
  const vouched = kept.filter(({ provenTo }) => provenTo > 0);
  const unknown = (says: string) => ({ tone: 'mute', icon: 'unknown', says: `${of}: ${says}` }) as const;
  if (vouched.length === 0) return unknown('each follows the one before. Nobody outside has vouched for them.');
  if (vouched.length < kept.length)
    return unknown(
      `each follows the one before. ${vouched.length} of ${plural(kept.length, 'chain')} are vouched for outside.`,
    );
  if (unlooked.length > 0)
    return unknown(`as signed outside, but ${plural(unlooked.length, 'chain')} signed there could not be looked at.`);
  const good = { tone: 'good', icon: 'verified' } as const;
  const proven = vouched.reduce((sum, lane) => sum + Math.min(lane.rows, lane.provenTo), 0);
  if (proven === rows) return { ...good, says: `${of}: whole, and as it was signed outside.` };
  const at = statements.lastAt === undefined ? '' : `, at ${exactly(statements.lastAt)}`;
  const are = `${proven.toLocaleString('en-GB')} of ${rowsInWords(rows)} ${proven === 1 ? 'is as it was' : 'are as they were'}`;
  return { ...good, says: `${are} signed outside${at}; the others only follow each other.` };
}

/** Whether a chain that only the ends speak of should be there for them: who may look at everything misses what the policy has lost, too. */
export function missedBy({ all, grants }: { all: boolean; grants: Me['grants'] }): (chain: string) => boolean {
  const lanes = new Set(grants.map(({ service, environment }) => `${service}/${environment}`));
  return (chain) => all || lanes.has(chain.split('@')[0] ?? '');
}

/** Which row, what was done, and by what that is seen. */
function whatIsWrong(finding: Finding): string {
  return `${findingInWords(finding)}: ${seenBy[finding.kind]}.`;
}

const seenBy: Record<Finding['kind'], string> = {
  edited: 'its hash is not made of what it says',
  inserted: 'the row after it follows the one before it',
  removed: 'the row after it follows one that is not there',
  're-hashed': 'the chain was rewritten: it is another than what was signed, or than what follows it',
  truncated: 'the chain goes further by what is known of its end',
};

function bounded(lines: readonly string[]): string[] {
  const left = lines.length - mostProblems;
  return left > 0 ? [...lines.slice(0, mostProblems), `and ${left} more`] : [...lines];
}

/** What was found at this row of that chain; undefined where nothing was. */
export function foundAt(proof: AuditProof | undefined, chain: string, n: number): string | undefined {
  const findings = proof?.lanes.find(({ lane }) => lane === chain)?.findings ?? [];
  const own = findings.find((one) => ('row' in one ? one.row === n : n >= one.from && n <= one.to));
  return own && (own.kind === 're-hashed' ? 'written anew, or followed by what was' : own.kind);
}

/** The same in the command line, which needs neither this page nor the gateway's word. */
export const verifyCommand = 'slipway audit verify --ends audit-ends.jsonl --public-key gateway.pem';
