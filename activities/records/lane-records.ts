import type { LaneFence, LaneHolder } from '../../domain/contract/lane.ts';
import { type Database, lock, type Queries } from './database.ts';
import type { LaneRecords, OwnLaneBeginning, OwnLaneMemory } from './port.ts';

interface Lane {
  service: string;
  environment: string;
}

/** As two lists, for `unnest`. */
export function namesOf(lanes: readonly Lane[]): [services: string[], environments: string[]] {
  return [lanes.map(({ service }) => service), lanes.map(({ environment }) => environment)];
}

export function postgresLaneRecords(database: Database): LaneRecords {
  return {
    begin: (lane, runId) =>
      alone(database, lane, async (queries) => {
        const incarnation =
          (await incarnationOf(queries, lane, runId)) ?? (await nextIncarnation(queries, lane, runId));
        await supersedeEarlier(queries, lane, incarnation, runId);
        return beginning(queries, lane, incarnation);
      }),

    remember: (lane, memory, by) =>
      alone(database, lane, async (queries) => {
        return (await writeLane(queries, lane, memory, by)) || isWritten(queries, lane, by);
      }),

    look: async (lane) => {
      const known = await stored(database, lane);
      if (!known) return undefined;
      const { holder, held_since: heldSince, waiting, incarnation, sequence } = known;
      return { ...(holder && { holder: { ...holder, heldSince } }), waiting, lastTicket: { incarnation, n: sequence } };
    },

    async holder(lane) {
      const known = await stored(database, lane);
      return known?.holder ? { ...known.holder, heldSince: known.held_since } : undefined;
    },

    async holders(lanes) {
      const rows = await database.query<Lane & { holder: LaneHolder; held_since: number }>(
        `select service, environment, holder, extract(epoch from held_since)::float8 * 1000 as held_since
         from slipway.lanes join unnest($1::text[], $2::text[]) as asked (service, environment) using (service, environment)
         where holder is not null`,
        namesOf(lanes),
      );
      return rows.map(({ service, environment, holder, held_since: heldSince }) => {
        return { service, environment, holder: { ...holder, heldSince } };
      });
    },

    async begunBy({ service, environment }) {
      const [last] = await database.query<{ run_id: string }>(
        `select run_id from slipway.lane_runs where service = $1 and environment = $2 order by incarnation desc limit 1`,
        [service, environment],
      );
      return last?.run_id;
    },
  };
}

/** Writers of one lane go one after the other: two zombies of it may meet. */
function alone<Result>(database: Database, lane: Lane, work: (queries: Queries) => Promise<Result>): Promise<Result> {
  return database.transaction(async (queries) => {
    await lock(queries, `slipway/lane/${lane.service}/${lane.environment}`);
    return work(queries);
  });
}

/** From now on no write of an earlier incarnation changes anything; what it has written is what this one finds. */
async function supersedeEarlier(queries: Queries, lane: Lane, incarnation: number, runId: string): Promise<void> {
  await queries.query(
    `insert into slipway.lanes as known (service, environment, incarnation, sequence, run_id) values ($1, $2, $3, 0, $4)
     on conflict (service, environment) do update set incarnation = $3, sequence = 0, run_id = $4, granted = 0
     where known.incarnation < $3`,
    [lane.service, lane.environment, incarnation, runId],
  );
}

/**
 * False when it is not the next one, or gives out a ticket again. Each grant is a write of its own: no number of a ticket is greater than that
 * of its write.
 */
async function writeLane(
  queries: Queries,
  lane: Lane,
  { holder, waiting }: OwnLaneMemory,
  { incarnation, sequence, runId }: LaneFence & { runId: string },
): Promise<boolean> {
  const written = await queries.query(
    `update slipway.lanes set
       sequence = $4, run_id = $5, holder = $6::json, waiting = $7,
       held_since = case when holder::jsonb -> 'ticket' = $6::json::jsonb -> 'ticket' then held_since else clock_timestamp() end,
       granted = greatest(granted, $8::integer)
     where service = $1 and environment = $2 and incarnation = $3 and sequence = $4 - 1
       and ($8::integer is null or $8::integer > granted or holder::jsonb -> 'ticket' = $6::json::jsonb -> 'ticket')
     returning incarnation`,
    [
      lane.service,
      lane.environment,
      incarnation,
      sequence,
      runId,
      holder ? JSON.stringify(holder) : null,
      JSON.stringify(waiting),
      holder?.ticket.incarnation === incarnation ? holder.ticket.n : null,
    ],
  );
  return written.length > 0;
}

/** Whether this very write was done before: then its answer was lost. */
async function isWritten(queries: Queries, lane: Lane, by: LaneFence & { runId: string }): Promise<boolean> {
  const known = await stored(queries, lane);
  return known?.incarnation === by.incarnation && known.sequence === by.sequence && known.run_id === by.runId;
}

async function beginning(queries: Queries, lane: Lane, incarnation: number): Promise<OwnLaneBeginning> {
  const known = await stored(queries, lane);
  return {
    incarnation,
    sequence: known?.incarnation === incarnation ? known.sequence : 0,
    ...(known?.holder && { holder: known.holder }),
    waiting: known?.waiting ?? [],
  };
}

interface LaneRow {
  incarnation: number;
  sequence: number;
  run_id: string;
  holder: LaneHolder | null;
  waiting: string[];
  held_since: number;
}

async function stored(queries: Queries, lane: Lane): Promise<LaneRow | undefined> {
  const [row] = await queries.query<LaneRow>(
    `select incarnation, sequence, run_id, holder, waiting, extract(epoch from held_since)::float8 * 1000 as held_since
     from slipway.lanes where service = $1 and environment = $2`,
    [lane.service, lane.environment],
  );
  return row;
}

async function incarnationOf(queries: Queries, lane: Lane, runId: string): Promise<number | undefined> {
  const [row] = await queries.query<{ incarnation: number }>(
    'select incarnation from slipway.lane_runs where service = $1 and environment = $2 and run_id = $3',
    [lane.service, lane.environment, runId],
  );
  return row?.incarnation;
}

async function nextIncarnation(queries: Queries, lane: Lane, runId: string): Promise<number> {
  const [row] = await queries.query<{ incarnation: number }>(
    `insert into slipway.lane_runs (service, environment, run_id, incarnation)
     select $1, $2, $3, coalesce(max(incarnation), 0) + 1 from slipway.lane_runs where service = $1 and environment = $2
     returning incarnation`,
    [lane.service, lane.environment, runId],
  );
  return (row as { incarnation: number }).incarnation;
}
