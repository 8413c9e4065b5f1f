import { auditedRun, endRecorded, isAbout, keyOfDecision } from '../audit-about.ts';
import type { AuditedRun } from '../audit-about.ts';
import { chainStart, isChainOf } from '../audit-chain.ts';
import type { ChainedEntry } from '../audit-chain.ts';
import { findingInWords, proofOfLane, proofOfStatements } from '../audit-proof.ts';
import type { BundledChain, EvidenceBundle } from '../contract/evidence-bundle.ts';
import type { LaneEnd, SignedChainEnds } from '../contract/evidence.ts';
import { laneInPath } from '../contract/names.ts';
import { fails, holds, orElse, unseen } from './line.ts';
import type { CheckedBy, EvidenceLine } from './line.ts';

const what = 'audit';

/** Rows follow each other without a gap, as far as they are here; and what was decided and ended stands in them. */
export async function provenAudit(
  bundle: EvidenceBundle,
  by: CheckedBy,
  outside: readonly SignedChainEnds[],
): Promise<EvidenceLine[]> {
  const { audit, release, decisions } = bundle;
  const { ends, wrong } = await endsIn(bundle, by, outside);
  const run = auditedRun(
    release.id,
    decisions.map(({ decision }) => decision),
  );
  const lines: EvidenceLine[] = [];
  for (const chain of audit) lines.push(...(await provenChain(bundle, chain, { run, ends, by })));
  if (audit.length === 0) lines.push(unseen(what, 'no row about it is in here'));
  return [...wrong, ...lines, ...provenRows(bundle, run)];
}

/** Each that is in the file for itself, as they are few of many; those from outside beside each other, too. */
async function endsIn(
  { statements }: EvidenceBundle,
  by: CheckedBy,
  outside: readonly SignedChainEnds[],
): Promise<{ ends: LaneEnd[]; wrong: EvidenceLine[] }> {
  const known = { holds: (signed: SignedChainEnds) => by.verifyEnds(signed), hash: by.hash };
  const proofs = await Promise.all(
    [outside, ...statements.map((one) => [one])].map((all) => proofOfStatements(all, known)),
  );
  return {
    ends: proofs.flatMap((proof) => proof.ends),
    wrong: proofs.flatMap(({ problems }) => problems.map((problem) => fails('ends of the audit', problem))),
  };
}

interface Known {
  run: AuditedRun;
  ends: readonly LaneEnd[];
  by: CheckedBy;
}

async function provenChain(
  { release }: EvidenceBundle,
  chain: BundledChain,
  { run, ends, by }: Known,
): Promise<EvidenceLine[]> {
  const { chain: name, before, first, last, rows } = chain;
  if (!isChainOf(laneInPath(release), name)) return [fails(what, `${name} is no chain of ${laneInPath(release)}`)];
  const to = rows.at(-1)?.n ?? before.n;
  // What was said of other rows says nothing of these.
  const own = ends.filter((end) => end.lane === name && end.n >= before.n && end.n <= to);
  const proof = proofOfLane(name, own, by.hash, { from: before });
  for (const row of rows) await proof.take(row);
  const { findings, provenTo } = proof.conclude();
  const isStart = before.n !== chainStart.n || before.hash === chainStart.hash;
  const follows = (rows[0]?.previous ?? before.hash) === before.hash;
  const strange = rows.find((row) => isAbout(run, row) && row.n < first);
  const wrong = [
    ...findings.map((finding) => fails(what, findingInWords(finding))),
    ...(follows ? [] : [fails(what, `${name}: row ${before.n + 1} does not follow what stands before it`)]),
    ...(isStart ? [] : [fails(what, `${name} does not begin where every chain begins`)]),
    ...(strange ? [fails(what, `${name}: row ${strange.n} is about it, and stands before the first of its rows`)] : []),
    ...[first, last].flatMap((n) => missedAt(rows, n, { name, to, run })),
  ];
  const covered =
    provenTo >= last
      ? holds(
          'ends of the audit',
          `${name}: rows ${first} to ${last} were there when row ${provenTo} was signed as its end`,
        )
      : unseen('ends of the audit', `${name}: no end was signed at row ${last} or later that is given here`);
  return [
    ...orElse(wrong, holds(what, `${name}: rows ${before.n + 1} to ${to} follow each other, without a gap`)),
    covered,
  ];
}

function missedAt(
  rows: readonly ChainedEntry[],
  n: number,
  { name, to, run }: { name: string; to: number; run: AuditedRun },
): EvidenceLine[] {
  if (n > to) return [unseen(what, `${name}: rows ${to + 1} to ${n} are not in here`)];
  const row = rows.find((one) => one.n === n);
  if (!row) return [fails(what, `${name}: row ${n} is missing`)];
  return isAbout(run, row) ? [] : [unseen(what, `${name}: row ${n} only speaks of it`)];
}

/** Each decision has its row, which says the same; each step that was begun has an end; and so has the run. */
function provenRows({ audit, decisions, release, end }: EvidenceBundle, run: AuditedRun): EvidenceLine[] {
  const rows = audit.flatMap((chain) => chain.rows);
  if (rows.length === 0) return [];
  const isCut = audit.some(({ last, rows: some }) => (some.at(-1)?.n ?? 0) < last);
  const own = decisions.map(({ decision }) => decision).filter((decision) => decision.run === undefined);
  const wrong = own.flatMap((decision) => {
    const { kind, by, planHash } = decision;
    // Others may have written one under that key, too, in a chain of their own.
    const known = rows.filter(({ key }) => key === keyOfDecision(decision));
    if (known.some((row) => row.who === by.id && row.what === `decision ${kind}` && row.facts['planHash'] === planHash))
      return [];
    const [row] = known;
    if (row) return [fails(what, `row ${row.n} of ${row.lane} says otherwise than the ${kind} of ${by.id}`)];
    const says = `no row says that ${by.id} has decided: ${kind}`;
    return [isCut ? unseen(what, `${says}, of those that are in here`) : fails(what, says)];
  });
  const keys = new Set(rows.map(({ key }) => key));
  const open = rows.filter(({ who, key }) => who === run.who && key.endsWith('/begun') && !isOver(keys, key));
  const ended = rows.some((row) => row.who === run.who && row.what === endRecorded);
  return [
    ...orElse(wrong, holds(what, `each decision about ${release.id} stands in it, as it was signed`)),
    ...open.map(({ n, lane, what: step }) =>
      unseen(what, `${lane}: row ${n} says ${step}, and none how that has ended`),
    ),
    ...(end && !ended
      ? [unseen(what, 'no row says that the run has written down its end: it was ended from outside')]
      : []),
    ...(ended ? [holds(what, 'the run has written down its end')] : []),
  ];
}

function isOver(keys: ReadonlySet<string>, begun: string): boolean {
  const step = begun.slice(0, -'begun'.length);
  return keys.has(`${step}done`) || keys.has(`${step}failed`);
}
