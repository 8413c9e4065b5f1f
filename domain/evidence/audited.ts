import { auditedRun, decisionIn, endRecorded, isAbout, isOfPeople, keyOfDecision } from '../audit-about.ts';
import type { AuditedRun } from '../audit-about.ts';
import { chainStart, isChainOf } from '../audit-chain.ts';
import { findingInWords, proofOfLane, proofOfStatements } from '../audit-proof.ts';
import { afterEndMs, noRoom } from '../contract/evidence-bundle.ts';
import type { BundledChain, EvidenceBundle } from '../contract/evidence-bundle.ts';
import type { LaneEnd, SignedChainEnds } from '../contract/evidence.ts';
import { laneInPath } from '../contract/names.ts';
import { fails, holds, orElse, unseen, untold } from './line.ts';
import type { CheckedBy, EvidenceLine } from './line.ts';

const what = 'audit';
const ofEnds = 'ends of the audit';

/** Rows follow each other without a gap, as far as they are here; nothing that was there when its end was signed is missing. */
export async function provenAudit(
  bundle: EvidenceBundle,
  by: CheckedBy,
  outside: readonly SignedChainEnds[],
): Promise<EvidenceLine[]> {
  const { audit, release } = bundle;
  const { ends, wrong } = await endsIn(bundle, by, outside);
  const known = { run: auditedRun(release.id), ends, early: endsBefore(bundle, by, outside), bundle, by };
  const lines: EvidenceLine[] = [];
  for (const chain of audit) lines.push(...(await provenChain(chain, known)));
  return [...wrong, ...lines, ...missingChains(bundle, ends)];
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
    wrong: proofs.flatMap(({ problems }) => problems.map((problem) => fails(ofEnds, problem))),
  };
}

/** What was signed before the release had ended: all that it says must be in the file. */
function endsBefore(
  { statements, end, madeAt }: EvidenceBundle,
  by: CheckedBy,
  outside: readonly SignedChainEnds[],
): LaneEnd[] {
  const endedAt = end?.endedAt ?? madeAt;
  return [...statements, ...outside]
    .filter((signed) => by.verifyEnds(signed) && signed.statement.at <= endedAt)
    .flatMap(({ statement }) => statement.ends);
}

interface Known {
  run: AuditedRun;
  ends: readonly LaneEnd[];
  early: readonly LaneEnd[];
  bundle: EvidenceBundle;
  by: CheckedBy;
}

async function provenChain(chain: BundledChain, known: Known): Promise<EvidenceLine[]> {
  const { chain: name, before, rows } = chain;
  const { ends, bundle, by } = known;
  const lane = laneInPath(bundle.release);
  if (!isChainOf(lane, name)) return [fails(what, `${name} is no chain of ${lane}`)];
  const to = rows.at(-1)?.n ?? before.n;
  // What was said of other rows says nothing of these.
  const own = ends.filter((end) => end.lane === name && end.n >= before.n && end.n <= to);
  const proof = proofOfLane(name, own, by.hash, { from: before });
  for (const row of rows) await proof.take(row);
  const { findings, provenTo } = proof.conclude();
  const isStart = before.n !== chainStart.n || before.hash === chainStart.hash;
  const follows = (rows[0]?.previous ?? before.hash) === before.hash;
  const wrong = [
    ...findings.map((finding) => fails(what, findingInWords(finding))),
    ...(follows ? [] : [fails(what, `${name}: row ${before.n + 1} does not follow what stands before it`)]),
    ...(isStart ? [] : [fails(what, `${name} does not begin where every chain begins`)]),
    ...takenAway(chain, to, known),
  ];
  const span =
    rows.length === 0 ? `no row was written` : `rows ${before.n + 1} to ${to} follow each other, without a gap`;
  return [...orElse(wrong, holds(what, `${name}: ${span}`)), ...covered(chain, { to, provenTo, own }, known)];
}

/** Rows at its end that were there once. Where there was no room for all, nobody can tell. */
function takenAway(
  { chain: name, statement: n, isCut }: BundledChain,
  to: number,
  { early, bundle }: Known,
): EvidenceLine[] {
  if (isCut) return [untold(what, `${name}: what comes after row ${to} is not in here`)];
  const signed = bundle.statements.find(({ statement }) => statement.n === n)?.statement.ends ?? [];
  const last = Math.max(0, ...[...signed, ...early].filter((end) => end.lane === name).map((end) => end.n));
  return last > to
    ? [fails(what, `${name}: rows ${to + 1} to ${last} were removed: they were there when that was signed as its end`)]
    : [];
}

/** Whether somebody could have written these rows anew: nobody can where a gateway has signed afterwards where they end. */
function covered(
  { chain: name, before, rows }: BundledChain,
  { to, provenTo, own }: { to: number; provenTo: number; own: readonly LaneEnd[] },
  { run, bundle }: Known,
): EvidenceLine[] {
  const last = rows.findLast((row) => isAbout(run, row))?.n ?? before.n;
  if (own.length > 0 && provenTo >= last)
    return [holds(ofEnds, `${name}: rows to ${provenTo} were there when row ${provenTo} was signed as its end`)];
  const says = `${name}: no end was signed at row ${last} or later that is given here`;
  const isNeeded = last > before.n || isOfPeople(laneInPath(bundle.release), name);
  return to === 0 ? [] : [isNeeded ? untold(ofEnds, says) : unseen(ofEnds, says)];
}

/** A chain is in the file whole or not at all: whoever takes all of it away takes a no with it. */
function missingChains({ audit, release }: EvidenceBundle, ends: readonly LaneEnd[]): EvidenceLine[] {
  const lane = laneInPath(release);
  const there = new Set(audit.map(({ chain }) => chain));
  if (audit.every(({ rows }) => rows.length === 0)) return [untold(what, 'no row about it is in here')];
  const gone = new Set(ends.map((end) => end.lane).filter((name) => isChainOf(lane, name) && !there.has(name)));
  const isPeoples = [...there].some((name) => isOfPeople(lane, name) && (name !== lane || there.size === 1));
  return [
    ...[...gone].map((name) => fails(what, `${name}: all its rows were removed: a gateway has signed where it ends`)),
    ...(isPeoples
      ? []
      : [
          untold(
            what,
            `rows in which a gateway writes what people decide about ${lane} are not in here: none was ever written, or all are gone`,
          ),
        ]),
  ];
}

/** What was decided stands in the rows, and what the rows say was decided is in the file; each step that was begun has an end, and so has the run. */
export function provenRows(bundle: EvidenceBundle): EvidenceLine[] {
  const { audit, release, end } = bundle;
  const run = auditedRun(release.id);
  const rows = audit.flatMap((chain) => chain.rows);
  if (rows.length === 0) return [];
  const isCut = audit.some((chain) => chain.isCut);
  const keys = new Set(rows.map(({ key }) => key));
  const open = rows.filter(({ who, key }) => who === run.who && key.endsWith('/begun') && !isOver(keys, key));
  const ended = rows.some((row) => row.who === run.who && row.what === endRecorded);
  return [
    ...provenDecided(bundle, isCut),
    ...open.map(({ n, lane, what: step }) =>
      unseen(what, `${lane}: row ${n} says ${step}, and none how that has ended`),
    ),
    ...(end && !ended ? [untold(what, notEnded(isCut))] : []),
    ...(ended
      ? [
          end
            ? holds(what, 'the run has written down its end')
            : fails('end', 'a row says that the run has written it down, and it is not in here'),
        ]
      : []),
  ];
}

function provenDecided({ audit, decisions, release, end, missing }: EvidenceBundle, isCut: boolean): EvidenceLine[] {
  const lane = laneInPath(release);
  const rows = audit.filter(({ chain }) => isOfPeople(lane, chain)).flatMap((chain) => chain.rows);
  const own = decisions.map(({ decision }) => decision);
  const until = (end?.endedAt ?? Infinity) + afterEndMs;
  const isAfterwards = (one: (typeof own)[number]) => one.run !== undefined || one.decidedAt > until;
  const wrong = own
    .filter((one) => !isAfterwards(one))
    .flatMap((decision) => {
      const { kind, by, planHash, releaseId } = decision;
      const known = rows.filter(({ key }) => key === keyOfDecision(decision));
      const isSaid = known.map(decisionIn).some((row) => {
        const isBy = row?.kind === kind && row.by === by.id;
        return isBy && row.planHash === planHash && row.releaseId === releaseId;
      });
      if (isSaid) return [];
      const [row] = known;
      if (row) return [fails(what, `row ${row.n} of ${row.lane} says otherwise than the ${kind} of ${by.id}`)];
      const says = `no row says that ${by.id} has decided: ${kind}`;
      return [isCut ? untold(what, `${says}, of those that are in here`) : fails(what, says)];
    });
  const ids = new Set(own.map(({ id }) => id));
  const isFull = missing.some((one) => one.what.startsWith('decisions') && one.why === noRoom);
  const gone = rows.flatMap((row) => {
    const said = decisionIn(row);
    if (said?.releaseId !== release.id || ids.has(said.id)) return [];
    const says = `row ${row.n} of ${row.lane} says that ${said.by} has decided: ${said.kind}, and that is not in here`;
    return [isFull ? untold('decisions', says) : fails('decisions', says)];
  });
  const afterwards = own.filter(isAfterwards);
  return [
    ...orElse(
      [...wrong, ...gone],
      holds(
        what,
        `each decision of the run ${release.id} stands in it, by the same person and about the same plan, and no other`,
      ),
    ),
    ...afterwards.map(({ kind, by }) =>
      unseen(
        what,
        `the ${kind} of ${by.id} came after its end, or has a run of its own: its row is not looked for here`,
      ),
    ),
  ];
}

function isOver(keys: ReadonlySet<string>, begun: string): boolean {
  const step = begun.slice(0, -'begun'.length);
  return keys.has(`${step}done`) || keys.has(`${step}failed`);
}

/** Of rows that were left out nobody knows what they say. */
function notEnded(isCut: boolean): string {
  const says = 'no row says that the run has written down its end';
  return isCut ? `${says}, of those that are in here` : `${says}: it was ended from outside, or that row is gone`;
}
