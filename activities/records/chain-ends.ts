import { mostEndsOfStatement } from '../../domain/audit-proof.ts';
import type { SignedChainEnds } from '../../domain/contract/evidence.ts';
import { isDenseJson } from '../shared/json-parts.ts';
import { parseStored } from '../shared/stored-json.ts';
import { endsOfAll } from './audit.ts';
import { type Database, lock, type Queries } from './database.ts';
import type { ChainEndRecords, EvidenceSeal } from './port.ts';
import { inBytes } from './read-at-once.ts';

/** The statements of this installation: what a gateway's login has put there counts for nothing where no gateway has signed it. */
export interface KnownStatements {
  seal: Pick<EvidenceSeal, 'verifyEnds'>;
  installation: string;
}

export function addingChainEnds(database: Database): ChainEndRecords['add'] {
  const lastSigned = lookingForTheLast();
  return (seal, make) =>
    database.transaction(async (queries) => {
      await lock(queries, 'slipway/chain-ends');
      const installation = await installationOf(queries);
      const before = await lastSigned(queries, { seal, installation });
      const ends = await endsOfAll(queries);
      // Last: only somebody without that lock can take the number now, and all is tried again then.
      const n = (await lastNumber(queries)) + 1;
      const signed = make({ n, ...(before && { before }), installation, ends });
      if (!signed) return;
      await queries.query('insert into slipway.chain_ends (n, signed) values ($1, $2)', [n, JSON.stringify(signed)]);
    });
}

interface Row {
  n: number;
  json: string;
}

/** More than twice as many as those of the largest statement. */
const mostParts = 10 * mostEndsOfStatement;

/** What a gateway has signed under this number; undefined for anything else. Of what is there only what is signed is kept. */
function statementIn({ n, json }: Row, { seal, installation }: KnownStatements): SignedChainEnds | undefined {
  if (isDenseJson(Buffer.from(json), mostParts)) return undefined;
  const signed = parseStored(json) as SignedChainEnds;
  if (!seal.verifyEnds(signed)) return undefined;
  const { statement, keyId, signature } = signed;
  return statement.n === n && statement.installation === installation ? { statement, keyId, signature } : undefined;
}

export async function statementOf(
  queries: Queries,
  n: number,
  known: KnownStatements,
): Promise<SignedChainEnds | undefined> {
  const [row] = await queries.query<Row>('select n, signed::text as json from slipway.chain_ends where n = $1', [n]);
  return row && statementIn(row, known);
}

/** The next one that a gateway has signed; `strange`: numbers of what is passed over before it. */
export async function nextStatement(
  queries: Queries,
  n: number,
  known: KnownStatements,
): Promise<{ signed?: SignedChainEnds; strange: number[] }> {
  const strange: number[] = [];
  for await (const row of rowsOf(queries, 'up', n)) {
    const signed = statementIn(row, known);
    if (signed) return { signed, strange };
    strange.push(row.n);
  }
  return { strange };
}

/** Looks from the last row back. Of what was looked at once nothing is again, as long as the statement that was the last then is there. */
function lookingForTheLast() {
  let seen: { to: number; signed?: SignedChainEnds } = { to: 0 };
  return async (queries: Queries, known: KnownStatements): Promise<SignedChainEnds | undefined> => {
    const to = await lastNumber(queries);
    const still = seen.signed && (await statementOf(queries, seen.signed.statement.n, known));
    if (still?.signature !== seen.signed?.signature || to < seen.to) seen = { to: 0 };
    let signed = seen.signed;
    for await (const row of rowsOf(queries, 'down', seen.to)) {
      const found = statementIn(row, known);
      if (!found) continue;
      signed = found;
      break;
    }
    seen = { to, ...(signed && { signed }) };
    return signed;
  };
}

/** Those after this number. One at first, which is the one wanted as a rule; then some at once. */
async function* rowsOf(queries: Queries, direction: 'up' | 'down', after: number): AsyncGenerator<Row> {
  let before = 2 ** 31; // beyond every number that there can be
  const order = direction === 'up' ? 'n' : 'n desc';
  for (let most = 1; ; most = 20) {
    const rows = `select n, signed::text as json from slipway.chain_ends
      where n > $1 and n < $2::bigint order by ${order} limit ${most}`;
    const page = await queries.query<Row>(inBytes(rows, order), [after, before]);
    yield* page;
    const end = page.at(-1);
    if (!end) return;
    if (direction === 'up') after = end.n;
    else before = end.n;
  }
}

async function lastNumber(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ n: number }>('select coalesce(max(n), 0) as n from slipway.chain_ends');
  return row?.n ?? 0;
}

export async function installationOf(queries: Queries): Promise<string> {
  const [row] = await queries.query<{ id: string }>('select id from slipway.installation');
  return row?.id ?? '';
}
