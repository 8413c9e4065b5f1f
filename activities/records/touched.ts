import { failure } from '../../domain/errors/catalogue.ts';
import type { Database } from './database.ts';
import type { Touched } from './port.ts';

export function postgresTouched(database: Database): Touched {
  const find: Touched['find'] = async (workflowId) => {
    const [row] = await database.query<{ run_id: string; what: string[] }>(
      'select run_id, what from slipway.touched where workflow_id = $1',
      [workflowId],
    );
    return row && { runId: row.run_id, what: row.what };
  };
  /** Names what the other run changed: that is what a person has to look at. */
  const refuse = async (workflowId: string): Promise<never> => {
    const { what = [] } = (await find(workflowId)) ?? {};
    throw failure('SLIP-REL-9', `${workflowId} had changed ${what.join(', ')}`);
  };
  return {
    find,

    async list({ service, environment, since }) {
      // Ids are `<kind>/<service>/<environment>/…`: whatever the kind.
      const rows = await database.query<{ workflow_id: string; what: string[]; first_at: number }>(
        `select workflow_id, what, first_at from slipway.touched
         where split_part(workflow_id, '/', 2) = $1 and split_part(workflow_id, '/', 3) = $2 and first_at > $3
         order by first_at, workflow_id`,
        [service, environment, since],
      );
      return rows.map((row) => ({ workflowId: row.workflow_id, what: row.what, firstAt: row.first_at }));
    },

    async record({ workflowId, runId, what, at }) {
      const rows = await database.query(
        `insert into slipway.touched as known (workflow_id, run_id, what, first_at) values ($1, $2, array[$3], $4)
         on conflict (workflow_id) do update
           set what = case when $3 = any(known.what) then known.what else known.what || excluded.what end
           where known.run_id = excluded.run_id
         returning 1`,
        [workflowId, runId, what, at],
      );
      if (rows.length === 0) await refuse(workflowId);
    },

    async handOver(workflowId, { from, to }) {
      const rows = await database.query(
        'update slipway.touched set run_id = $3 where workflow_id = $1 and run_id in ($2, $3) returning 1',
        [workflowId, from, to],
      );
      if (rows.length === 0 && (await find(workflowId))) await refuse(workflowId);
    },
  };
}
