import { canonicalJson } from '../../domain/canonical.ts';
import type { LaneHold, SignedLaneOrder } from '../../domain/contract/lane.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { storable, type Database } from './database.ts';
import type { LaneClosings } from './port.ts';

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
      const lane = [service, environment];
      const [orders, holds] = await Promise.all([
        database.query<OrderRow>(
          `select signed, ${storedAt} from slipway.lane_orders where service = $1 and environment = $2 order by position`,
          lane,
        ),
        database.query<{ hold: LaneHold; stored_at: number }>(
          `select hold, ${storedAt} from slipway.lane_holds where service = $1 and environment = $2 order by stored_at, id`,
          lane,
        ),
      ]);
      return {
        orders: orders.map(({ signed, stored_at }) => ({ ...signed, storedAt: stored_at })),
        holds: holds.map(({ hold, stored_at }) => ({ ...hold, storedAt: stored_at })),
      };
    },
  };
}

interface OrderRow {
  signed: SignedLaneOrder;
  stored_at: number;
}
