import { canonicalJson } from '../../domain/canonical.ts';
import type { Shipment, SignedChainEnds, SignedShipment } from '../../domain/contract/evidence.ts';
import { sha256 } from '../shared/sha256.ts';
import { parseStored } from '../shared/stored-json.ts';
import { endsOfAll } from './audit.ts';
import { type Database, lock, type Queries } from './database.ts';
import type { ChainEndRecords, EvidenceSeal, Shipped } from './port.ts';

/** `shipping`: whoever sends keeps a connection until a destination has answered, which is taken from nobody else. */
export function postgresChainEnds(database: Database, shipping: Database): ChainEndRecords {
  return {
    add: (seal, make) =>
      database.transaction(async (queries) => {
        await lock(queries, 'slipway/chain-ends');
        const installation = await installationOf(queries);
        const { last, signed: before } = await lastOf(queries, { seal, installation });
        const signed = make({ n: last + 1, ...(before && { before }), installation, ends: await endsOfAll(queries) });
        if (!signed) return;
        await queries.query('insert into slipway.chain_ends (n, signed) values ($1, $2)', [
          signed.statement.n,
          JSON.stringify(signed),
        ]);
      }),

    // Whoever sends holds the lock: two gateways never send out of order. What is sent when this ends before it is noted is sent again.
    shipNext: (destination, send, { seal, last }) =>
      shipping.transaction(async (queries) => {
        await lock(queries, `slipway/shipments/${destination}`);
        const known = { seal, installation: await installationOf(queries) };
        const noted = await notedOf(queries, { destination, seal }, known);
        const gone = last && (await whatIsGone(queries, { last, noted }, known));
        const got = gone === 'receipt' ? last : noted;
        const { signed, strange } = await nextAfter(queries, got?.shipment.n ?? 0, known);
        const found = { ...(gone && { gone }), strange };
        try {
          if (signed) await send(signed);
        } catch (refusal) {
          // Answered, not thrown: it is the destination's, and says nothing of the records.
          return { ...found, came: 'refused', refusal, ...(got && { receipt: got }) };
        }
        const receipt = signed ? seal.signShipment(shipmentOf(signed, destination)) : got;
        if (receipt && receipt !== noted) await note(queries, receipt);
        return { ...found, came: signed ? 'sent' : 'no more', ...(receipt && { receipt }) };
      }),
  };
}

interface Known {
  seal: Pick<EvidenceSeal, 'verifyEnds'>;
  installation: string;
}

interface Row {
  n: number;
  json: string;
}

const hashOf = (signed: SignedChainEnds) => sha256(canonicalJson(signed));

function shipmentOf(signed: SignedChainEnds, destination: string): Shipment {
  const { n, installation } = signed.statement;
  return { destination, n, installation, statement: hashOf(signed) };
}

/** What a gateway of this installation has signed under this number; undefined for what its login alone has put there. */
function statementIn({ n, json }: Row, { seal, installation }: Known): SignedChainEnds | undefined {
  const signed = parseStored(json) as SignedChainEnds;
  if (!seal.verifyEnds(signed)) return undefined;
  return signed.statement.n === n && signed.statement.installation === installation ? signed : undefined;
}

/** `last`: the number of the last row, whoever has put it there; 0 without any. */
async function lastOf(queries: Queries, known: Known): Promise<{ last: number; signed?: SignedChainEnds }> {
  let last = 0;
  for (let n: number | undefined; ;) {
    const [row] = await queries.query<Row>(
      'select n, signed::text as json from slipway.chain_ends where $1::integer is null or n < $1 order by n desc limit 1',
      [n],
    );
    if (!row) return { last };
    last ||= row.n;
    const signed = statementIn(row, known);
    if (signed) return { last, signed };
    n = row.n;
  }
}

/** The next one that is a gateway's; `strange`: those before it that are nobody's. */
async function nextAfter(
  queries: Queries,
  n: number,
  known: Known,
): Promise<{ signed?: SignedChainEnds; strange: number[] }> {
  const strange: number[] = [];
  for (;;) {
    const [row] = await queries.query<Row>(
      'select n, signed::text as json from slipway.chain_ends where n > $1 order by n limit 1',
      [strange.at(-1) ?? n],
    );
    const signed = row && statementIn(row, known);
    if (!row || signed) return { ...(signed && { signed }), strange };
    strange.push(row.n);
  }
}

/** How far a destination has got them. Whoever may write to the records may write a number there, and nothing would be sent any more. */
async function notedOf(
  queries: Queries,
  { destination, seal }: { destination: string; seal: EvidenceSeal },
  known: Known,
): Promise<SignedShipment | undefined> {
  const [row] = await queries.query<{ json: string | null }>(
    'select receipt::text as json from slipway.shipments where destination = $1',
    [destination],
  );
  if (!row || row.json === null) return undefined;
  const receipt = parseStored(row.json) as SignedShipment;
  if (!seal.verifyShipment(receipt)) return undefined;
  const { shipment } = receipt;
  const isOurs = shipment.destination === destination && shipment.installation === known.installation;
  return isOurs && (await stands(queries, receipt, known)) ? receipt : undefined;
}

/** Of what whoever asks has sent itself, if anything. */
async function whatIsGone(
  queries: Queries,
  { last, noted }: { last: SignedShipment; noted: SignedShipment | undefined },
  known: Known,
): Promise<Shipped['gone']> {
  if (!(await stands(queries, last, known))) return 'statements';
  return (noted?.shipment.n ?? 0) < last.shipment.n ? 'receipt' : undefined;
}

/** Whether that statement is on record as it was sent: records that are an older copy may have another one under its number. */
async function stands(queries: Queries, { shipment }: SignedShipment, known: Known): Promise<boolean> {
  const [row] = await queries.query<Row>('select n, signed::text as json from slipway.chain_ends where n = $1', [
    shipment.n,
  ]);
  const signed = row && statementIn(row, known);
  return signed !== undefined && hashOf(signed) === shipment.statement;
}

async function note(queries: Queries, receipt: SignedShipment): Promise<void> {
  const { destination, n } = receipt.shipment;
  await queries.query(
    `insert into slipway.shipments (destination, n, receipt) values ($1, $2, $3)
     on conflict (destination) do update set n = excluded.n, receipt = excluded.receipt`,
    [destination, n, JSON.stringify(receipt)],
  );
}

async function installationOf(queries: Queries): Promise<string> {
  const [row] = await queries.query<{ id: string }>('select id from slipway.installation');
  return row?.id ?? '';
}
