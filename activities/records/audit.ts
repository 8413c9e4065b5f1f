import { type ChainEnd, chainEntry, chainOf, chainStart, followsInChain, writtenIn } from '../../domain/audit-chain.ts';
import { type Database, lock, type Queries } from './database.ts';
import { sha256 } from '../shared/sha256.ts';
import type { LaneEnd } from '../../domain/contract/evidence.ts';
import type { Audit, AuditRow } from './port.ts';
import { inBytes } from './read-at-once.ts';

const pageSize = 1_000;

export function postgresAudit(database: Database): Audit {
  return {
    append: (entry) =>
      database.transaction(async (queries) => {
        const lane = chainOf(entry.lane, await lock(queries, `slipway/audit/${entry.lane}`));
        // Its own: what another login has written under that key is not what this one has to say.
        const known = await queries.query(
          'select 1 from slipway.audit where lane in ($1, $2) and key = $3 and writer = session_user',
          [entry.lane, lane, entry.key],
        );
        if (known.length === 0)
          await addRow(queries, chainEntry(await endOf(queries, lane), { ...entry, lane }, sha256));
      }),

    async list(lane, limit) {
      const rows = await database.query<StoredRow>(
        inBytes(
          `select rows.* from unnest($1::text[]) chain
           cross join lateral (select * from slipway.audit where lane = chain order by n desc limit $2) rows
           order by position desc limit $2`,
          'position desc',
        ),
        [await chainsOf(database, lane), limit],
      );
      return rows.map(toAuditRow);
    },

    after: (lane, n, limit) => pageAfter(database, lane, n, limit),

    ends: () => endsOfAll(database),

    async firstBroken(lane) {
      for (const chain of await chainsOf(database, lane)) {
        const broken = await firstBrokenOf(database, chain);
        if (broken) return broken;
      }
      return undefined;
    },
  };
}

async function firstBrokenOf(database: Database, chain: string): Promise<AuditRow | undefined> {
  const wanted = await endOf(database, chain); // before the rows: what is added meanwhile lies behind it
  let end = chainStart;
  for (;;) {
    const page = await pageAfter(database, chain, end.n, pageSize);
    for (const row of page) {
      if (!followsInChain(end, row, sha256) || (row.n === wanted.n && row.hash !== wanted.hash)) return row;
      end = { n: row.n, hash: row.hash };
    }
    if (page.length === 0) return end.n < wanted.n ? missingRow(chain, end, wanted) : undefined;
  }
}

/** The lane itself first: where all have one login, and what was written before there were several. */
async function chainsOf(queries: Queries, lane: string): Promise<string[]> {
  const others = await queries.query<{ lane: string }>(
    `select lane from slipway.audit_ends where starts_with(lane, $1) order by lane`,
    [`${lane}@`],
  );
  return [lane, ...others.map((other) => other.lane)];
}

async function addRow(queries: Queries, row: AuditRow): Promise<void> {
  const { lane, n, key, at, what, who, facts, previous, hash } = row;
  await queries.query(
    'insert into slipway.audit (lane, n, key, entry, previous, hash) values ($1, $2, $3, $4, $5, $6)',
    [lane, n, key, JSON.stringify({ at, what, who, facts }), previous, hash],
  );
}

/** Kept apart from the rows, by the database itself, so that rows missing at the end are noticed. */
async function endOf(queries: Queries, lane: string): Promise<ChainEnd> {
  const [end] = await queries.query<ChainEnd>('select n, hash from slipway.audit_ends where lane = $1', [lane]);
  return end ?? chainStart;
}

export function endsOfAll(queries: Queries): Promise<LaneEnd[]> {
  return queries.query<LaneEnd>('select lane, n, hash from slipway.audit_ends order by lane');
}

async function pageAfter(queries: Queries, lane: string, n: number, limit: number): Promise<AuditRow[]> {
  const rows = await queries.query<StoredRow>(
    inBytes('select * from slipway.audit where lane = $1 and n > $2 order by n limit $3', 'n'),
    [lane, n, limit],
  );
  return rows.map(toAuditRow);
}

/** Rows at the end are gone: there is none to show, so this one says which should be there. */
function missingRow(lane: string, end: ChainEnd, wanted: ChainEnd): AuditRow {
  const what = `rows ${end.n + 1} to ${wanted.n} were removed`;
  return { lane, n: end.n + 1, key: '', at: 0, what, who: '', facts: {}, previous: end.hash, hash: '' };
}

interface StoredRow {
  lane: string;
  n: number;
  key: string;
  entry: unknown;
  previous: string;
  hash: string;
  /** Null in rows of older versions. */
  writer: string | null;
}

/** Field by field: a query may have more columns than a row of the audit has fields. */
function toAuditRow({ lane, n, key, previous, hash, entry, writer }: StoredRow): AuditRow {
  return { lane, n, key, previous, hash, ...writtenIn(entry), ...(writer !== null && { writer }) };
}
