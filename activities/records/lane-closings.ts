import { canonicalJson } from '../../domain/canonical.ts';
import type { LaneHold, SignedLaneOrder } from '../../domain/contract/lane.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { storable, type Database } from './database.ts';
import type { LaneClosings } from './port.ts';
import { mostAtOnce, requireAll } from './read-at-once.ts';

const storedAt = 'extract(epoch from stored_at)::float8 * 1000 as stored_at';

export function postgresLaneClosings(database: Database): LaneClosings {
  return {
    async order(signed) {
      const { id, lane } = signed.order;
      await database.query(
        `insert into slipway.lane_orders (id, service, environment, signed) values ($1, $2, $3, $4)
         on conflict (id) do nothing`,
        [id, lane.service, lane.environment, JSON.stringify(signed)],
      );
      const [row] = await database.query<OrderRow>('select signed from slipway.lane_orders where id = $1', [id]);
      if (canonicalJson(row?.signed.order) !== canonicalJson(signed.order))
        throw failure('SLIP-REC-2', `the order ${id} is stored with other content`);
    },

    async hold({ service, environment }, hold) {
      const safe: LaneHold = { ...hold, reason: storable(hold.reason) };
      await database.query(
        `insert into slipway.lane_holds (service, environment, id, hold) values ($1, $2, $3, $4) on conflict do nothing`,
        [service, environment, hold.id, JSON.stringify(safe)],
      );
    },

    async list({ service, environment }) {
      // In one statement: what is looked at is of one moment.
      const rows = await database.query<ClosingRow>(
        `(select 'order' as kind, signed as said, ${storedAt}, position, id
          from slipway.lane_orders where service = $1 and environment = $2 order by position limit $3)
         union all
         (select 'hold', hold, ${storedAt}, 0, id from slipway.lane_holds where service = $1 and environment = $2 limit $4)
         order by position, stored_at, id`,
        [service, environment, mostAtOnce.orders + 1, mostAtOnce.holds + 1],
      );
      const orders = rows.flatMap((row) =>
        row.kind === 'order' ? [{ signed: row.said, storedAt: row.stored_at }] : [],
      );
      const holds = rows.flatMap((row) => (row.kind === 'hold' ? [{ ...row.said, storedAt: row.stored_at }] : []));
      const lane = `${service}/${environment}`;
      return {
        orders: requireAll(orders, { most: mostAtOnce.orders, what: `orders to ${lane}`, writer: 'the gateway' }),
        holds: requireAll(holds, {
          most: mostAtOnce.holds,
          what: `holds of ${lane}`,
          writer: 'the engine or the gateway',
        }),
      };
    },
  };
}

type ClosingRow = { stored_at: number } & ({ kind: 'order'; said: SignedLaneOrder } | { kind: 'hold'; said: LaneHold });

interface OrderRow {
  signed: SignedLaneOrder;
}
