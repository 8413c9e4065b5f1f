import { failure } from '../../domain/errors/catalogue.ts';
import { hadChanged } from '../../domain/hold-reason.ts';
import type { Database, Queries } from './database.ts';
import type { Touched } from './port.ts';
import { type InBytes, inBytes } from './read-at-once.ts';

const pageSize = 500;

const begunAt = 'floor(extract(epoch from began_at) * 1000)::bigint as begun_at';

async function find(queries: Queries, workflowId: string): ReturnType<Touched['find']> {
  const [row] = await queries.query<{ run_id: string; what: string[]; begun_at: number }>(
    `select run_id, what, ${begunAt} from slipway.touched where workflow_id = $1`,
    [workflowId],
  );
  return row && { runId: row.run_id, what: row.what, begunAt: row.begun_at };
}

/** Throws SLIP-REL-9, and names what the other run changed: that is what a person has to look at. */
export async function refuseOtherRun(queries: Queries, workflowId: string): Promise<never> {
  const { what = [] } = (await find(queries, workflowId)) ?? {};
  throw failure('SLIP-REL-9', `${workflowId} ${hadChanged(what)}`);
}

export function postgresTouched(database: Database): Touched {
  return {
    find: (workflowId) => find(database, workflowId),

    async close(workflowId) {
      // Whoever is beginning something has locked the row (slipway.refuse_ended): it is on record before, or refused.
      await database.query(
        'insert into slipway.runs (workflow_id, ended) values ($1, true) on conflict (workflow_id) do update set ended = true',
        [workflowId],
      );
    },

    async list({ service, environment, since, after }) {
      // Ids are `<kind>/<service>/<environment>/…`: whatever the kind.
      const page = `select workflow_id, what, ${begunAt}, began_at from slipway.touched
         where split_part(workflow_id, '/', 2) = $1 and split_part(workflow_id, '/', 3) = $2
           and floor(extract(epoch from began_at) * 1000) > $3
           and ($4::text is null or (began_at, workflow_id) < (select began_at, workflow_id from slipway.touched where workflow_id = $4))
         order by began_at desc, workflow_id desc limit $5`;
      const rows = await database.query<InBytes & { workflow_id: string; what: string[]; begun_at: number }>(
        inBytes(page, 'began_at desc, workflow_id desc'),
        [service, environment, since, after ?? null, pageSize],
      );
      return {
        runs: rows.map((row) => ({ workflowId: row.workflow_id, what: row.what, begunAt: row.begun_at })),
        more: rows.length === pageSize || rows.some((row) => row.is_cut),
      };
    },

    async record({ workflowId, runId, what, at, goneBy }) {
      const [touched] = await database.query<{ is_own: boolean }>(
        'select slipway.touch($1, $2, $3, $4, $5) as is_own',
        [...[workflowId, runId, what, at], goneBy && JSON.stringify(goneBy)],
      );
      if (!touched?.is_own) await refuseOtherRun(database, workflowId);
    },

    async handOver(workflowId, { from, to }) {
      const rows = await database.query(
        'update slipway.touched set run_id = $3 where workflow_id = $1 and run_id in ($2, $3) returning 1',
        [workflowId, from, to],
      );
      if (rows.length === 0 && (await find(database, workflowId))) await refuseOtherRun(database, workflowId);
    },
  };
}
