import type { SignedChainEnds, SignedShipment } from '../../domain/contract/evidence.ts';
import { endsOfAll } from './audit.ts';
import { type Database, lock, type Queries } from './database.ts';
import type { ChainEndRecords, ShipmentSeal } from './port.ts';

type Shipped = { n: number; noted: number } | { refusal: unknown };

/** `shipping`: whoever sends keeps a connection until a destination has answered, which is taken from nobody else. */
export function postgresChainEnds(database: Database, shipping: Database): ChainEndRecords {
  return {
    add: (make) =>
      database.transaction(async (queries) => {
        await lock(queries, 'slipway/chain-ends');
        const [last] = await queries.query<{ n: number; signed: SignedChainEnds }>(
          'select n, signed from slipway.chain_ends order by n desc limit 1',
        );
        const signed = make({
          ...(last && { signed: last.signed }),
          installation: await installationOf(queries),
          ends: await endsOfAll(queries),
        });
        if (!signed) return;
        await queries.query('insert into slipway.chain_ends (n, signed) values ($1, $2)', [
          signed.statement.n,
          JSON.stringify(signed),
        ]);
      }),

    // Whoever sends holds the lock: two gateways never send out of order. What is sent when this ends before it is noted is sent again.
    async shipNext(destination, send, { seal, sent }) {
      const shipped = await shipping.transaction(async (queries): Promise<Shipped> => {
        await lock(queries, `slipway/shipments/${destination}`);
        const noted = await sentTo(queries, destination, seal);
        const [next] = await queries.query<{ n: number; signed: SignedChainEnds }>(
          'select n, signed from slipway.chain_ends where n > $1 order by n limit 1',
          [Math.max(noted, sent)],
        );
        if (!next) return { n: 0, noted };
        try {
          await send(next.signed);
        } catch (refusal) {
          return { refusal };
        }
        await queries.query(
          `insert into slipway.shipments (destination, n, receipt) values ($1, $2, $3)
           on conflict (destination) do update set n = excluded.n, receipt = excluded.receipt`,
          [
            destination,
            next.n,
            JSON.stringify(seal.signShipment({ destination, n: next.n, installation: await installationOf(queries) })),
          ],
        );
        return { n: next.n, noted };
      });
      // Out here: it is the destination's, and says nothing of the records.
      if ('refusal' in shipped) throw shipped.refusal;
      return shipped;
    },
  };
}

/** The last statement that a destination has got. Whoever may write to the records may write a number there, and nothing would be sent any more. */
async function sentTo(queries: Queries, destination: string, seal: ShipmentSeal): Promise<number> {
  const [row] = await queries.query<{ receipt: SignedShipment | null }>(
    'select receipt from slipway.shipments where destination = $1',
    [destination],
  );
  const { receipt } = row ?? {};
  if (!receipt || !seal.verifyShipment(receipt)) return 0;
  const { shipment } = receipt;
  const isOurs = shipment.destination === destination && shipment.installation === (await installationOf(queries));
  return isOurs ? shipment.n : 0;
}

async function installationOf(queries: Queries): Promise<string> {
  const [row] = await queries.query<{ id: string }>('select id from slipway.installation');
  return row?.id ?? '';
}
