import type { LaneFreeze, LaneHold } from '../../domain/contract/lane.ts';
import type { LaneHolder } from '../../domain/lane.ts';
import { type Database, lock, type Queries } from './database.ts';
import type { LaneRecords } from './port.ts';

interface Lane {
  service: string;
  environment: string;
}

export function postgresLaneRecords(database: Database): LaneRecords {
  return {
    begin: (lane, runId) =>
      database.transaction(async (queries) => {
        await lock(queries, `slipway/lane/${lane.service}/${lane.environment}`);
        const incarnation =
          (await incarnationOf(queries, lane, runId)) ?? (await nextIncarnation(queries, lane, runId));
        return { incarnation, ...(await lasting(queries, lane)) };
      }),
    setHold: (lane, hold) => remember(database, lane, 'hold', hold),
    setFreeze: (lane, freeze) => remember(database, lane, 'frozen', freeze),
    setHolder: (lane, holder) => remember(database, lane, 'holder', holder),
    holder: async (lane) => (await lasting(database, lane)).holder,
  };
}

/** `freeze` is a word of SQL's own, so its column has another name. */
type LaneColumn = 'hold' | 'frozen' | 'holder';

async function remember(queries: Queries, lane: Lane, column: LaneColumn, value: object | undefined): Promise<void> {
  await queries.query(
    `insert into slipway.lanes (service, environment, ${column}) values ($1, $2, $3)
     on conflict (service, environment) do update set ${column} = excluded.${column}`,
    [lane.service, lane.environment, value ? JSON.stringify(value) : null],
  );
}

async function lasting(
  queries: Queries,
  lane: Lane,
): Promise<{ hold?: LaneHold; freeze?: LaneFreeze; holder?: LaneHolder }> {
  const [stored] = await queries.query<{ hold: LaneHold | null; frozen: LaneFreeze | null; holder: LaneHolder | null }>(
    'select hold, frozen, holder from slipway.lanes where service = $1 and environment = $2',
    [lane.service, lane.environment],
  );
  return {
    ...(stored?.hold && { hold: stored.hold }),
    ...(stored?.frozen && { freeze: stored.frozen }),
    ...(stored?.holder && { holder: stored.holder }),
  };
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
