import { canonicalJson } from '../../domain/canonical.ts';
import type { LaneHold, SignedLaneOrder, Stored, StoredOrder } from '../../domain/contract/lane.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { longestReason } from '../../domain/longest-reason.ts';
import { ofOrder, weigh } from '../../domain/weight.ts';
import { head } from '../../domain/whole-text.ts';
import { parseStored } from '../shared/stored-json.ts';
import { storable, type Database } from './database.ts';
import type { ClosingsOnRecord, LaneClosings } from './port.ts';
import { type InBytes, inBytes, mostAtOnce, mostBytes, requireAll, requireWhole } from './read-at-once.ts';

/** By the clock of the database, ms. */
export const storedAt = 'extract(epoch from stored_at)::float8 * 1000 as stored_at';

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
        inBytes(
          `(select 'order' as kind, id, position, ${storedAt}, signed::text as json
            from slipway.lane_orders where service = $1 and environment = $2 order by position limit $3)
           union all
           (select 'hold', id, 0, ${storedAt}, hold::text
            from slipway.lane_holds where service = $1 and environment = $2 limit $4)`,
          'position, stored_at, id',
          mostBytes.closings,
        ),
        [service, environment, mostAtOnce.orders + 1, mostAtOnce.holds + 1],
      );
      requireFew(rows, `${service}/${environment}`);
      return closingsIn(rows);
    },
  };
}

function closingsIn(rows: readonly ClosingRow[]): ClosingsOnRecord {
  const { order = [], hold = [] } = Object.groupBy(rows, ({ kind }) => kind);
  return { orders: order.flatMap(toOrder), holds: hold.map(toHold) };
}

/** Throws SLIP-REC-8 where not all of it was read. */
function requireFew(rows: ClosingRow[], of: string): void {
  const ofOrders = { what: `orders to ${of}`, writer: 'the gateway' };
  const ofHolds = { what: `holds of ${of}`, writer: 'the engine or the gateway' };
  requireWhole(rows, { ...ofHolds, what: `orders to ${of} and its holds` });
  const { order = [], hold = [] } = Object.groupBy(rows, ({ kind }) => kind);
  requireAll(order, { most: mostAtOnce.orders, ...ofOrders });
  requireAll(hold, { most: mostAtOnce.holds, ...ofHolds });
}

export interface ClosingRow extends InBytes {
  kind: 'order' | 'hold';
  id: string;
  stored_at: number;
  json: string;
}

/** One is parsed at a time, and kept where it can be one that the gateway has signed. */
export function toOrder({ json, stored_at: storedAt }: ClosingRow): StoredOrder[] {
  const signed = parseStored(json) as SignedLaneOrder;
  return weigh(signed, ofOrder) === undefined ? [{ signed, storedAt }] : [];
}

/**
 * Of each nothing is kept but what a hold has. It counts, whatever it says: so it says nothing that a lane would not take, and is in force from
 * when it is on record at the latest.
 */
export function toHold({ id, json, stored_at: storedAt }: ClosingRow): Stored<LaneHold> {
  const { by, reason, from } = (parseStored(json) ?? {}) as Partial<Record<keyof LaneHold, unknown>>;
  const isBefore = typeof from === 'number' && from >= 0 && from <= storedAt;
  return {
    id,
    by: textOf(by),
    reason: head(textOf(reason), longestReason.inLane),
    from: isBefore ? from : Math.floor(storedAt),
    storedAt,
  };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

interface OrderRow {
  signed: SignedLaneOrder;
}
