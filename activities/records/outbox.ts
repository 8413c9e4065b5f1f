import type {
  ClaimedMessage,
  Delivery,
  ListedMessage,
  MessageState,
  OutboxMessage,
} from '../../domain/contract/outbox.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import { storable, type Database } from './database.ts';
import { mostCounted } from './port.ts';
import type { Outbox } from './port.ts';
import { inBytes } from './read-at-once.ts';
import { hasEnded, laneOf } from './run-sql.ts';

const written = 'key, target, run, thread, event, level, title, facts';
const listed = `id::int, ${written}, state, tries, why, extract(epoch from made_at)::float8 * 1000 as made_at,
  extract(epoch from next_at)::float8 * 1000 as next_at`;
const afterIt = `from slipway.outbox after
  where (after.target, after.thread) = (mine.target, mine.thread) and after.id > mine.id`;

export function postgresOutbox(database: Database): Outbox {
  return {
    async put(messages) {
      if (messages.length === 0) return;
      await database.query(
        `insert into slipway.outbox (${written})
         select ${written} from json_populate_recordset(null::slipway.outbox, $1::json) on conflict (target, key) do nothing`,
        [JSON.stringify(messages.map(asStored))],
      );
    },

    async claim(limit, forMs) {
      // Of a thread the first is locked, or the thread is passed over: the second comes when the first is settled for all to see.
      const rows = await database.query<ClaimedRow>(
        `with due as (
           select id from slipway.outbox head where state = 'waiting' and next_at <= clock_timestamp() and not exists (
             select from slipway.outbox earlier where earlier.state = 'waiting' and earlier.id < head.id
               and (earlier.target, earlier.thread) = (head.target, head.thread))
           order by next_at, id limit $1 for update skip locked
         )
         update slipway.outbox mine
         set tries = tries + 1, next_at = clock_timestamp() + $2 * interval '1 millisecond'
         from due where mine.id = due.id
         returning mine.id::int, ${prefixed('mine')}, tries,
           extract(epoch from clock_timestamp() - made_at)::float8 * 1000 as age,
           exists (select from slipway.touched where workflow_id = run) as has_begun,
           ${hasEnded('run')} as has_ended,
           array(select distinct event ${afterIt} and after.run = mine.run) as later,
           array(select distinct event ${afterIt} and after.run <> mine.run) as later_of_others`,
        [limit, forMs],
      );
      return rows.map(
        ({ has_begun: hasBegun, has_ended: hasEnded, later_of_others: laterOfOthers, ...row }): ClaimedMessage => ({
          ...row,
          hasBegun,
          hasEnded,
          laterOfOthers,
        }),
      );
    },

    async settle({ id, tries }, delivery) {
      await database.query(
        `update slipway.outbox set state = $2, why = $3, next_at = clock_timestamp() + $4 * interval '1 millisecond'
         where id = $1 and tries = $5 and state = 'waiting'`,
        [id, stateAfter(delivery), 'why' in delivery ? storable(delivery.why) : null, againIn(delivery), tries],
      );
    },

    async list({ states, limit, among }) {
      const newest = `select ${listed} from slipway.outbox
        where state = any($1) and ($3::text[] is null or ${laneOf('run')} = any($3)) order by id desc limit $2`;
      const known = [states, limit, among?.map(laneInPath) ?? null];
      return (await database.query<ListedRow>(inBytes(newest, 'id desc'), known)).map(toListed);
    },

    async find(id) {
      const [row] = await database.query<ListedRow>(`select ${listed} from slipway.outbox where id = $1`, [id]);
      return row && toListed(row);
    },

    async standing() {
      const [row] = await database.query<{ waiting: number; dead: number; oldest: number | null }>(
        `select (select count(*) from (select from slipway.outbox where state = 'waiting' limit $1) counted)::int as waiting,
           (select count(*) from (select from slipway.outbox where state = 'dead' limit $1) counted)::int as dead,
           (select extract(epoch from clock_timestamp() - made_at)::float8 * 1000 from slipway.outbox
             where state = 'waiting' order by id limit 1) as oldest`,
        [mostCounted],
      );
      const { waiting = 0, dead = 0, oldest } = row ?? {};
      return { waiting, dead, oldestMs: Math.max(0, oldest ?? 0) };
    },

    async again(id) {
      const [row] = await database.query<{ done: boolean }>('select slipway.send_again($1) as done', [id]);
      return row?.done ?? false;
    },

    async forget(keptMs, most) {
      const [row] = await database.query<{ gone: number }>(
        `select slipway.forget_messages($1 * interval '1 millisecond', $2) as gone`,
        [keptMs, most],
      );
      return row?.gone ?? 0;
    },
  };
}

const prefixed = (table: string) =>
  written
    .split(', ')
    .map((column) => `${table}.${column}`)
    .join(', ');

function asStored(message: OutboxMessage): OutboxMessage {
  const facts = Object.entries(message.facts).map(([name, text]) => [name, storable(text)] as const);
  return { ...message, title: storable(message.title), facts: Object.fromEntries(facts) };
}

function stateAfter({ came }: Delivery): MessageState {
  return came === 'failed' ? 'waiting' : came;
}

const againIn = (delivery: Delivery) => (delivery.came === 'failed' ? delivery.againInMs : 0);

interface ClaimedRow extends OutboxMessage {
  id: number;
  tries: number;
  age: number;
  has_begun: boolean;
  has_ended: boolean;
  later: ClaimedMessage['later'];
  later_of_others: ClaimedMessage['laterOfOthers'];
}

interface ListedRow extends OutboxMessage {
  id: number;
  state: MessageState;
  tries: number;
  why: string | null;
  made_at: number;
  next_at: number;
  is_cut?: boolean;
}

function toListed(row: ListedRow): ListedMessage {
  const { id, key, target, run, thread, event, level, title, facts, state, tries, why } = row;
  return {
    ...{ id, key, target, run, thread, event, level, title, facts, state, tries },
    madeAt: Math.floor(row.made_at),
    ...(state === 'waiting' && { nextAt: Math.floor(row.next_at) }),
    ...(why !== null && { why }),
    ...(row.is_cut && { isCut: true as const }),
  };
}
