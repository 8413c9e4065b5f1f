import type { Purpose } from '../../domain/run-kinds.ts';
import type { Database } from './database.ts';
import type { Changes } from './port.ts';
import { mostAtOnce, requireAll } from './read-at-once.ts';
import { refuseOtherRun } from './touched.ts';

const writer = 'an environment';

export function postgresChanges(database: Database): Changes {
  return {
    async begin({ lane, region, component, purpose, artifact }, { workflowId, runId, what, at, goneBy }) {
      const [begun] = await database.query<{ number: number; before: number | null }>(
        'select * from slipway.begin_change($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
        [
          workflowId,
          runId,
          what,
          at,
          lane.service,
          lane.environment,
          region,
          component,
          purpose,
          artifact,
          goneBy && JSON.stringify(goneBy),
        ],
      );
      if (!begun) return refuseOtherRun(database, workflowId);
      return { number: begun.number, before: begun.before ?? undefined };
    },

    async end(number, isDone) {
      // What it has made harmless is over with it: nobody is left to say so.
      await database.query(
        `with ended as (update slipway.changes set done = $2 where number = $1 returning *)
         update slipway.changes passed set done = false from ended
         where ended.done and passed.done is null and passed.number < ended.number
           and (passed.service, passed.environment, passed.region, passed.component)
             = (ended.service, ended.environment, ended.region, ended.component)
           and (passed.workflow_id <> ended.workflow_id or (ended.purpose, passed.purpose) = ('roll-back', 'deploy')
             or (ended.purpose, ended.artifact) = (passed.purpose, passed.artifact))`,
        [number, isDone],
      );
    },

    async lookAt({ service, environment }, region) {
      // In one statement: what is said to be the last is what is looked at.
      const [row] = await database.query<{ number: number; at: number; under_way: string[] }>(
        `select number, array(select slipway.under_way($1, $2, $3) limit $4) as under_way,
           (select floor(extract(epoch from max(coalesce(over_at, begun_at))) * 1000)::float8 from slipway.changes own
             where (own.workflow_id, own.region) = (last.workflow_id, last.region)) as at
         from slipway.changes last where (service, environment, region) = ($1, $2, $3) order by number desc limit 1`,
        [service, environment, region, mostAtOnce.underWay + 1],
      );
      if (!row) return { last: undefined, underWay: [] };
      requireAll(row.under_way, {
        most: mostAtOnce.underWay,
        what: `components of ${service}/${environment} that are being changed in ${region}`,
        writer,
      });
      return { last: { number: row.number, at: row.at }, underWay: row.under_way };
    },

    async hasPutBack(workflowId) {
      const found = await database.query(
        `select from slipway.changes where (workflow_id, purpose) = ($1, 'roll-back') and done is distinct from false limit 1`,
        [workflowId],
      );
      return found.length > 0;
    },

    async lastOf(workflowIds) {
      const rows = await database.query<{
        workflow_id: string;
        region: string;
        component: string;
        number: number;
        purpose: Purpose;
        done: boolean | null;
      }>(
        `select distinct on (workflow_id, region, component) workflow_id, region, component, number, purpose, done
         from slipway.changes where workflow_id = any($1) order by workflow_id, region, component, number desc limit $2`,
        [workflowIds, mostAtOnce.changes + 1],
      );
      requireAll(rows, { most: mostAtOnce.changes, what: `places that ${workflowIds.join(', ')} changed`, writer });
      return rows.map(({ workflow_id: workflowId, done, ...row }) => ({ workflowId, ...row, isDone: done === true }));
    },
  };
}
