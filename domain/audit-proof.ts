import { chainStart, hashedText } from './audit-chain.ts';
import type { ChainedEntry, ChainEnd, HashSoon } from './audit-chain.ts';
import { canonicalJson } from './canonical.ts';
import type { LaneEnd, SignedChainEnds } from './contract/evidence.ts';

/**
 * What was done to the audit of a lane. Rows are told by the number under which they were written, which is the one they have unless others
 * were put in, or taken out, before them.
 */
export type Finding =
  | { kind: 'edited'; lane: string; row: number }
  | { kind: 'inserted'; lane: string; row: number }
  | { kind: 'removed'; lane: string; from: number; to: number }
  /** Somewhere from `from` to `to` something was changed, and everything after it hashed anew. */
  | { kind: 're-hashed'; lane: string; from: number; to: number }
  | { kind: 'truncated'; lane: string; from: number; to: number };

export interface LaneProof {
  lane: string;
  rows: number;
  findings: Finding[];
  /** The last row that an end from outside speaks of; 0 without any. What comes after it could have been hashed anew unseen. */
  provenTo: number;
}

/** As large as its readers bear, whatever the names of lanes are (activities/records/schema-statements.ts). */
export const mostEndsOfStatement = 1_000;

/** How many rows may have been taken out in one place and the rest renumbered, before only the break itself is told. */
const furthest = 1_000;

/**
 * Goes along the rows of one lane, in the order of their numbers, and compares them with each other and with what was signed outside. Rows
 * may come one by one: nothing of them is kept but hashes. `recorded`: where the records themselves say that it ends, asked before the first row
 * was read; whoever takes rows away may forget it, and it proves nothing.
 */
export function proofOfLane(lane: string, ends: readonly LaneEnd[], hash: HashSoon, recorded?: ChainEnd) {
  const findings: Finding[] = [];
  const own = ends.filter((end) => end.lane === lane);
  const stated = statedBy(own);
  const provenTo = Math.max(0, ...stated.keys());
  /** Hashes in their order, to know a row by what it follows. */
  const recent: ChainEnd[] = [chainStart];
  let end: ChainEnd = chainStart;
  let rows = 0;
  /** How much higher rows are numbered now than when they were written. */
  let shift = 0;
  let matched = 0;
  let isRehashed = false;

  const take = async (shown: ChainedEntry): Promise<void> => {
    // Whatever it says of its place: a row of another chain is none of this one.
    const row = { ...shown, lane };
    rows += 1;
    const gap = row.n - shift - end.n - 1;
    const back = row.previous === end.hash ? -1 : recent.findLastIndex((one) => one.hash === row.previous);
    const isPutIn = back >= 0 && gap <= 0;
    // Not before it is clear that it was not put in: then its number is another row's.
    if (!isPutIn) compareWithStated();
    if (isPutIn) {
      // It follows an earlier row: what stands between was put in, and has moved this one and all after it.
      const put = recent.slice(back + 1);
      findings.push(...put.map(({ n }) => ({ kind: 'inserted' as const, lane, row: n })));
      recent.length = back + 1;
      shift += put.length;
    } else if (gap > 0) {
      findings.push({ kind: 'removed', lane, from: end.n + 1, to: row.n - shift - 1 });
    } else if (row.previous !== end.hash) {
      const missing = await writtenLater(row, shift, hash);
      if (missing > 0) findings.push({ kind: 'removed', lane, from: end.n + 1, to: end.n + missing });
      else if (end.n > matched) findings.push({ kind: 're-hashed', lane, from: matched + 1, to: end.n });
      shift -= missing;
    }
    const n = row.n - shift;
    if (!(await isOwnHash(row, n, hash))) findings.push({ kind: 'edited', lane, row: n });
    end = { n, hash: row.hash };
    recent.push(end);
    if (recent.length > furthest) recent.shift();
  };

  const compareWithStated = (): void => {
    const { n } = end;
    const wanted = stated.get(n);
    if (!wanted) return;
    if (wanted.size === 1 && wanted.has(end.hash)) matched = n;
    else if (!isRehashed) findings.push({ kind: 're-hashed', lane, from: matched + 1, to: n });
    isRehashed ||= matched !== n;
  };

  return {
    take,
    conclude(): LaneProof {
      compareWithStated();
      // What was put in has moved the end, too.
      const last = Math.max(provenTo, (recorded?.n ?? 0) - Math.max(0, shift));
      if (last > end.n) findings.push({ kind: 'truncated', lane, from: end.n + 1, to: last });
      return { lane, rows, findings, provenTo };
    },
  };
}

/** Every hash that was stated of a row: two that differ are a contradiction by themselves. */
function statedBy(ends: readonly LaneEnd[]): Map<number, Set<string>> {
  const stated = new Map<number, Set<string>>();
  for (const { n, hash } of ends) stated.set(n, (stated.get(n) ?? new Set()).add(hash));
  return stated;
}

async function isOwnHash(row: ChainedEntry, n: number, hash: HashSoon): Promise<boolean> {
  return (await hash(hashedText({ n: n - 1, hash: row.previous }, row))) === row.hash;
}

/** How many rows before this one are missing, if it was renumbered when they were taken out; 0 when that is not so. */
async function writtenLater(row: ChainedEntry, shift: number, hash: HashSoon): Promise<number> {
  if (await isOwnHash(row, row.n - shift, hash)) return 0;
  for (let missing = 1; missing <= furthest; missing += 1)
    if (await isOwnHash(row, row.n - shift + missing, hash)) return missing;
  return 0;
}

export interface StatementsProof {
  ends: LaneEnd[];
  problems: string[];
  /** When the last of them was made; undefined without any. */
  lastAt: number | undefined;
}

/**
 * Which ends count: those of statements whose signature holds. Statements come in any order, from any number of places, and more than once;
 * `holds` checks a signature.
 */
export async function proofOfStatements(
  all: readonly SignedChainEnds[],
  { holds, hash }: { holds: (signed: SignedChainEnds) => boolean | Promise<boolean>; hash: HashSoon },
): Promise<StatementsProof> {
  const problems: string[] = [];
  const good = new Map<number, SignedChainEnds>();
  for (const signed of all) {
    const { n } = signed.statement;
    const known = good.get(n);
    if (!(await holds(signed)))
      problems.push(`statement ${n} has a signature that does not hold (key ${signed.keyId})`);
    else if (known && canonicalJson(known.statement) !== canonicalJson(signed.statement))
      problems.push(`there are two different statements ${n}`);
    else good.set(n, signed);
  }
  const inOrder = [...good.values()].sort((a, b) => a.statement.n - b.statement.n);
  const installations = new Set(inOrder.map(({ statement }) => statement.installation));
  if (installations.size > 1) problems.push(`the statements are of ${installations.size} installations`);
  for (const [i, { statement }] of inOrder.entries()) {
    const before = inOrder[i - 1];
    if (!before) continue;
    // Whoever signed it saw none between: a number may have been taken by somebody who had no key.
    if (statement.previous === (await hash(canonicalJson(before)))) continue;
    const missing = statement.n - before.statement.n - 1;
    if (missing > 0) problems.push(`statements ${before.statement.n + 1} to ${statement.n - 1} are missing`);
    else problems.push(`statement ${statement.n} does not follow statement ${before.statement.n}`);
  }
  return {
    ends: inOrder.flatMap(({ statement }) => statement.ends),
    problems,
    lastAt: inOrder.at(-1)?.statement.at,
  };
}

/** In words that say what to look at. */
export function findingInWords(finding: Finding): string {
  const { lane } = finding;
  const span =
    'from' in finding
      ? finding.from === finding.to
        ? `row ${finding.to}`
        : `rows ${finding.from} to ${finding.to}`
      : '';
  const are = 'from' in finding && finding.from === finding.to ? 'was' : 'were';
  switch (finding.kind) {
    case 'edited':
      return `${lane}: row ${finding.row} was edited`;
    case 'inserted':
      return `${lane}: row ${finding.row} was inserted`;
    case 'removed':
      return `${lane}: ${span} ${are} removed`;
    case 're-hashed':
      return `${lane}: ${span}: something was changed there, and hashed anew`;
    case 'truncated':
      return `${lane}: ${span} ${are} removed at the end`;
  }
}
