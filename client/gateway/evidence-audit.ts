import type { Attempt, AuditSpan } from '../../activities/records/port.ts';
import { auditedRun } from '../../domain/audit-about.ts';
import { chainStart } from '../../domain/audit-chain.ts';
import type { ChainedEntry } from '../../domain/audit-chain.ts';
import type { BundledChain, BundledDecision } from '../../domain/contract/evidence-bundle.ts';
import type { SignedChainEnds } from '../../domain/contract/evidence.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import type { Sight } from '../../domain/contract/rights.ts';
import { isInSight } from '../../domain/rights.ts';
import { laneOfChain } from './audit-routes.ts';
import type { GatewayParts } from './calls.ts';
import type { Room } from './evidence-room.ts';

interface Asked {
  attempt: Attempt;
  decisions: readonly BundledDecision[];
  sight: Sight;
}

/**
 * Of each chain of its lane the rows from the first about this run to the last, all of them, and the end that a gateway has signed next, with the
 * rows up to it: without those it would say nothing of these.
 */
export async function auditedRows(
  parts: GatewayParts,
  room: Room,
  { attempt, decisions, sight }: Asked,
): Promise<{ audit: BundledChain[]; statements: SignedChainEnds[] }> {
  const { releaseId, request } = attempt;
  const run = auditedRun(
    releaseId,
    decisions.map(({ decision }) => decision),
  );
  const spans = await parts.records.audit.spans(laneInPath(request), run);
  if (spans.length === 0) room.lacks('audit', 'no row about it is on record');
  const audit: BundledChain[] = [];
  const statements = new Map<number, SignedChainEnds>();
  for (const span of spans) {
    const rows = await rowsOf(parts, room, span);
    const [start, last] = [rows[0], rows.at(-1)];
    if (!start || !last) continue;
    if (last.n === span.last) {
      const signed = await endAfter(parts, room, { last, sight });
      const to = signed && laneEndOf(signed, span.chain);
      const more = to === undefined ? [] : await rowsOf(parts, room, { ...span, first: last.n + 1, last: to });
      rows.push(...more);
      if (signed && (to === last.n || more.at(-1)?.n === to)) statements.set(signed.statement.n, signed);
    }
    audit.push({ ...span, before: { n: start.n - 1, hash: start.n === 1 ? chainStart.hash : start.previous }, rows });
  }
  const known = [...statements.values()].sort((a, b) => a.statement.n - b.statement.n);
  return { audit, statements: room.takeFirst('ends of the audit that were signed', known) };
}

/** As many as fit, from the first on. */
async function rowsOf(
  { records: { audit } }: GatewayParts,
  room: Room,
  { chain, first, last }: AuditSpan,
): Promise<ChainedEntry[]> {
  const rows: ChainedEntry[] = [];
  for (let after = first - 1; after < last;) {
    const page = (await audit.after(chain, after, Math.min(500, last - after))).filter(({ n }) => n <= last);
    const end = page.at(-1);
    if (!end) {
      room.lacks(`audit: rows ${after + 1} to ${last} of ${chain}`, 'they are on record no more');
      break;
    }
    const taken = room.takeFirst(
      `audit: rows ${after + 1} to ${end.n} of ${chain}`,
      page.map(({ lane, key, at, what, who, facts, n, previous, hash }) => ({
        ...{ lane, key, at, what, who, facts, n, previous, hash },
      })),
    );
    rows.push(...taken);
    if (taken.length < page.length) {
      if (end.n < last)
        room.lacks(`audit: rows ${end.n + 1} to ${last} of ${chain}`, 'the rows before them did not fit');
      break;
    }
    after = end.n;
  }
  return rows;
}

/** Clocks of processes differ. */
const apartMs = 60_000;

/** Undefined where none was signed yet; and for whoever may not see all that it says: whose names it has of other lanes. */
async function endAfter(
  { records, verifier }: GatewayParts,
  room: Room,
  { last, sight }: { last: ChainedEntry; sight: Sight },
): Promise<SignedChainEnds | undefined> {
  const what = `an end of ${last.lane} that was signed`;
  const seal = { verifyEnds: (signed: SignedChainEnds) => verifier.verifyEnds(signed) };
  const wanted = { chain: last.lane, n: last.n, since: last.at - apartMs };
  const signed = await records.chainEnds.covering(seal, wanted);
  if (!signed) return void room.lacks(what, 'none is on record yet that comes after its last row about this run');
  const isForThem = sight === 'everything' || signed.statement.ends.every(({ lane }) => isOf(sight, lane));
  if (isForThem) return signed;
  return void room.lacks(what, 'it names other lanes, and whoever has asked may not look at all of them');
}

function isOf(sight: Exclude<Sight, 'everything'>, chain: string): boolean {
  const lane = laneOfChain(chain);
  return lane !== undefined && isInSight(sight, lane);
}

function laneEndOf({ statement }: SignedChainEnds, chain: string): number | undefined {
  return statement.ends.find(({ lane }) => lane === chain)?.n;
}
