import type { Attempt } from '../../activities/records/port.ts';
import { auditedRun, isAbout, isOfPeople } from '../../domain/audit-about.ts';
import type { AuditedRun } from '../../domain/audit-about.ts';
import { chainStart, isChainOf } from '../../domain/audit-chain.ts';
import type { ChainedEntry, ChainEnd } from '../../domain/audit-chain.ts';
import { afterEndMs } from '../../domain/contract/evidence-bundle.ts';
import type { BundledChain } from '../../domain/contract/evidence-bundle.ts';
import type { LaneEnd, SignedChainEnds } from '../../domain/contract/evidence.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import type { Millis } from '../../domain/contract/release.ts';
import type { Sight } from '../../domain/contract/rights.ts';
import { isInSight } from '../../domain/rights.ts';
import { laneOfChain } from './audit-routes.ts';
import type { GatewayParts } from './calls.ts';
import type { Room } from './evidence-room.ts';
import { turn } from './turns.ts';

interface Asked {
  attempt: Attempt;
  sight: Sight;
}

/** Clocks of processes differ. */
const apartMs = 60_000;

/**
 * Of each chain of its lane all rows from when the release was asked for to its end, whether or not they are about it: what was taken away between
 * them is missed. And the end that a gateway has signed next, with the rows up to it: without those it would say nothing of these.
 */
export async function auditedRows(
  parts: GatewayParts,
  room: Room,
  { attempt, sight }: Asked,
): Promise<{ audit: BundledChain[]; statements: SignedChainEnds[] }> {
  const { releaseId, request, signed, endedAt } = attempt;
  const lane = laneInPath(request);
  // What is not signed somebody may have set later, to have rows before it left out.
  const askedAt = Math.min(request.requestedAt, signed?.taken.request.requestedAt ?? Infinity);
  const time = { since: askedAt - apartMs, until: (endedAt ?? parts.now()) + afterEndMs };
  const chains = (await parts.records.auditAside.ends()).filter((end) => isChainOf(lane, end.lane));
  const audit: BundledChain[] = [];
  const statements = new Map<number, SignedChainEnds>();
  for (const end of chains) {
    const { signed: covering, ...chain } = await chainOf(parts, room, {
      run: auditedRun(releaseId),
      lane,
      end,
      time,
      sight,
    });
    audit.push(chain);
    if (covering) statements.set(covering.statement.n, covering);
  }
  if (audit.every(({ rows }) => rows.length === 0)) room.lacks('audit', 'no row about it is on record');
  const known = [...statements.values()].sort((a, b) => a.statement.n - b.statement.n);
  return { audit, statements: await room.takeFirst('ends of the audit that were signed', known) };
}

interface Span {
  run: AuditedRun;
  lane: string;
  end: LaneEnd;
  time: { since: Millis; until: Millis };
  sight: Sight;
}

async function chainOf(
  parts: GatewayParts,
  room: Room,
  { run, lane, end, time, sight }: Span,
): Promise<BundledChain & { signed?: SignedChainEnds }> {
  const chain = end.lane;
  const { before, at } = await lastBefore(parts, end, time.since);
  const found = await rowsOf(parts, room, { chain, after: before.n, isWanted: (row) => row.at <= time.until });
  const { rows } = found;
  const shown = { chain, before, rows };
  if (found.isCut) return { ...shown, isCut: true };
  const last = rows.at(-1);
  const to = last?.n ?? before.n;
  // Of what nobody has written meanwhile it matters where people write, alone: a no may have been there.
  if (!last && !isOfPeople(lane, chain)) return shown;
  const own = rows.findLast((row) => isAbout(run, row));
  const since = (own?.at ?? at) - apartMs;
  const signed = await endAfter(parts, room, { chain, n: own?.n ?? before.n, since, until: time.until, sight });
  const until = signed?.statement.ends.find(({ lane }) => lane === chain)?.n;
  if (!signed || until === undefined) return shown;
  const more =
    until > to ? await rowsOf(parts, room, { chain, after: to, isWanted: (row) => row.n <= until }) : undefined;
  rows.push(...(more?.rows ?? []));
  return { ...shown, statement: signed.statement.n, signed, ...(more?.isCut && { isCut: true }) };
}

/** The last row that was written before then: they are in the order of their times, but for clocks that differ. */
async function lastBefore(
  { records: { auditAside } }: GatewayParts,
  { lane: chain, n }: LaneEnd,
  since: Millis,
): Promise<{ before: ChainEnd; at: Millis }> {
  let known: { before: ChainEnd; at: Millis } = { before: chainStart, at: since };
  for (let low = 0, high = n; low < high;) {
    const middle = Math.ceil((low + high) / 2);
    const [row] = await auditAside.after(chain, middle - 1, 1);
    if (row && row.at < since) {
      // A row that is missing is passed over: which one, whoever checks finds.
      low = Math.max(middle, Math.min(row.n, high));
      known = { before: { n: row.n, hash: row.hash }, at: row.at };
    } else high = middle - 1;
  }
  return known;
}

interface Wanted {
  chain: string;
  after: number;
  /** Of rows in their order: those behind the last of a page that is wanted are not. */
  isWanted: (row: ChainedEntry) => boolean;
}

const pageSize = 500;

/** As many as fit, from the first on: page by page, with a turn for everybody else after each. */
async function rowsOf(
  { records: { auditAside } }: GatewayParts,
  room: Room,
  { chain, after, isWanted }: Wanted,
): Promise<{ rows: ChainedEntry[]; isCut: boolean }> {
  const rows: ChainedEntry[] = [];
  for (let last = after; ;) {
    const page = await auditAside.after(chain, last, pageSize);
    const end = page.at(-1);
    if (!end) return { rows, isCut: false };
    const wanted = page.slice(0, page.findLastIndex(isWanted) + 1);
    const first = wanted[0]?.n ?? 0;
    const taken = await room.takeFirst(
      `audit: rows ${first} and later of ${chain}`,
      wanted.map(({ lane, key, at, what, who, facts, n, previous, hash }) => ({
        ...{ lane, key, at, what, who, facts, n, previous, hash },
      })),
    );
    rows.push(...taken);
    if (taken.length < wanted.length) return { rows, isCut: true };
    if (wanted.length < page.length) return { rows, isCut: false };
    last = end.n;
    await turn();
  }
}

/** Undefined where none was signed yet; and for whoever may not see all that it says: whose names it has of other lanes. */
async function endAfter(
  { records, verifier }: GatewayParts,
  room: Room,
  { sight, ...wanted }: { chain: string; n: number; since: Millis; until: Millis; sight: Sight },
): Promise<SignedChainEnds | undefined> {
  const what = `an end of ${wanted.chain} that was signed`;
  const seal = { verifyEnds: (signed: SignedChainEnds) => verifier.verifyEnds(signed) };
  const signed = await records.auditAside.covering(seal, wanted);
  if (!signed) return void room.lacks(what, `none is on record that has its row ${wanted.n}`);
  const isForThem = sight === 'everything' || signed.statement.ends.every(({ lane }) => isOf(sight, lane));
  if (isForThem) return signed;
  return void room.lacks(what, 'it names other lanes, and whoever has asked may not look at all of them');
}

function isOf(sight: Exclude<Sight, 'everything'>, chain: string): boolean {
  const lane = laneOfChain(chain);
  return lane !== undefined && isInSight(sight, lane);
}
