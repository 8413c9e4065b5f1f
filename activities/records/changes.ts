import { laneId } from '../../domain/contract/names.ts';
import type { Purpose } from '../../domain/run-kinds.ts';
import { type Database, lock } from './database.ts';
import type { Changes } from './port.ts';
import { recordTouched } from './touched.ts';

export function postgresChanges(database: Database): Changes {
  return {
    begin: ({ lane, region, component, purpose, artifact, step }, touched) =>
      database.transaction(async (queries) => {
        await recordTouched(queries, touched);
        // Numbers in the order in which others see them: a look that has seen one knows all before it.
        await lock(queries, `slipway/changes/${laneId(lane)}/${region}`);
        const place = [touched.workflowId, region, component, purpose, step];
        await queries.query(
          `update slipway.changes set done = false where done is null
           and (workflow_id, region, component, purpose, step) = ($1, $2, $3, $4, $5)`,
          place,
        );
        const [row] = await queries.query<{ number: number; before: number | null }>(
          `insert into slipway.changes (workflow_id, region, component, purpose, step, service, environment, artifact)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           returning number, (select max(number) from slipway.changes
             where (service, environment, region) = ($6, $7, $2)) as before`,
          [...place, lane.service, lane.environment, artifact],
        );
        if (purpose === 'roll-back')
          await queries.query(
            `update slipway.inventory set state = 'revoked', revoked_because = $3
             where (release_id, region) = ($1, $2) and state <> 'revoked'`,
            [touched.workflowId, region, 'its own run has put back what was there'],
          );
        const { number, before } = row!;
        return { number, before: before ?? undefined };
      }),

    async end(number, isDone) {
      await database.query('update slipway.changes set done = $2 where number = $1', [number, isDone]);
    },

    async lookAt({ service, environment }, region) {
      // In one statement: what is said to be the last is what is looked at.
      const [row] = await database.query<{ number: number; at: number; under_way: string[] }>(
        `select number, floor(extract(epoch from coalesce(over_at, begun_at)) * 1000)::float8 as at,
           array(select slipway.under_way($1, $2, $3)) as under_way
         from slipway.changes where (service, environment, region) = ($1, $2, $3) order by number desc limit 1`,
        [service, environment, region],
      );
      if (!row) return { last: undefined, underWay: [] };
      return { last: { number: row.number, at: row.at }, underWay: row.under_way };
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
         from slipway.changes where workflow_id = any($1) order by workflow_id, region, component, number desc`,
        [workflowIds],
      );
      return rows.map(({ workflow_id: workflowId, done, ...row }) => ({ workflowId, ...row, isDone: done === true }));
    },
  };
}
