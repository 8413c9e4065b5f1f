import { canonicalJson } from '../../domain/canonical.ts';
import type { Shipment, SignedChainEnds, SignedShipment } from '../../domain/contract/evidence.ts';
import { sha256 } from '../shared/sha256.ts';
import { parseStored } from '../shared/stored-json.ts';
import { installationOf, type KnownStatements, nextStatement, statementOf } from './chain-ends.ts';
import { type Database, lock, type Queries } from './database.ts';
import type { ChainEndRecords, EvidenceSeal, Shipped } from './port.ts';

interface Known extends KnownStatements {
  destination: string;
  seal: EvidenceSeal;
}

/** `database`: whoever sends keeps a connection until a destination has answered, which is taken from nobody else. */
export function shippingChainEnds(database: Database): ChainEndRecords['shipNext'] {
  // Whoever sends holds the lock: two gateways never send out of order. What is sent when this ends before it is noted is sent again.
  return (destination, send, { seal, last }) =>
    database.transaction(async (queries): Promise<Shipped> => {
      await lock(queries, `slipway/shipments/${destination}`);
      const known: Known = { destination, seal, installation: await installationOf(queries) };
      const noted = await notedOf(queries, known);
      const { receipt, gone } = await further(queries, { noted, last }, known);
      const { signed, strange } = await nextStatement(queries, receipt?.shipment.n ?? 0, known);
      const found = { ...(gone && { gone }), strange };
      if (receipt && receipt !== noted) await note(queries, receipt);
      if (!signed) return { ...found, came: 'no more', ...(receipt && { receipt }) };
      try {
        await send(signed);
      } catch (refusal) {
        // Answered, not thrown: it is the destination's, and says nothing of the records.
        return { ...found, came: 'refused', refusal, ...(receipt && { receipt }) };
      }
      const next = seal.signShipment(shipmentOf(signed, destination));
      await note(queries, next);
      return { ...found, came: 'sent', receipt: next };
    });
}

/** How far the destination has got them: by what is on record, and by what whoever asks was answered with. */
async function further(
  queries: Queries,
  { noted, last }: { noted: SignedShipment | undefined; last: SignedShipment | undefined },
  known: Known,
): Promise<Pick<Shipped, 'receipt' | 'gone'>> {
  if (!last || last.signature === noted?.signature) return { ...(noted && { receipt: noted }) };
  if (!(await stands(queries, last, known))) return { ...(noted && { receipt: noted }), gone: 'statements' };
  if (noted && noted.shipment.n >= last.shipment.n) return { receipt: noted };
  return { receipt: last, gone: 'receipt' };
}

/** Whoever may write to the records may write a number there: what counts is signed, and says which statement was sent. */
async function notedOf(queries: Queries, known: Known): Promise<SignedShipment | undefined> {
  const [row] = await queries.query<{ json: string | null }>(
    'select receipt::text as json from slipway.shipments where destination = $1',
    [known.destination],
  );
  if (!row || row.json === null) return undefined;
  const receipt = parseStored(row.json) as SignedShipment;
  if (!known.seal.verifyShipment(receipt)) return undefined;
  const { destination, installation } = receipt.shipment;
  const isOurs = destination === known.destination && installation === known.installation;
  return isOurs && (await stands(queries, receipt, known)) ? receipt : undefined;
}

/** Whether that statement is on record as it was sent: records that are an older copy may have another one under its number. */
async function stands(queries: Queries, { shipment }: SignedShipment, known: Known): Promise<boolean> {
  const signed = await statementOf(queries, shipment.n, known);
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

function shipmentOf(signed: SignedChainEnds, destination: string): Shipment {
  const { n, installation } = signed.statement;
  return { destination, n, installation, statement: hashOf(signed) };
}

const hashOf = (signed: SignedChainEnds) => sha256(canonicalJson(signed));
