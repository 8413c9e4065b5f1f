import { parseStored } from '../shared/stored-json.ts';
import type { Database } from './database.ts';
import type { Picture, SlackRecords } from './port.ts';

export function postgresSlack(database: Database): SlackRecords {
  return {
    async isFirst(signature) {
      const [row] = await database.query<{ first: boolean }>('select slipway.is_first_request($1) as first', [
        signature,
      ]);
      return row?.first === true;
    },

    async find(runs) {
      const rows = await database.query<{ run: string; channel: string; json: string }>(
        'select run, channel, picture::text as json from slipway.slack_pictures where run = any($1)',
        [runs],
      );
      return rows.map(({ run, channel, json }) => ({ run, channel, picture: parseStored(json) as Picture }));
    },

    async unfinished(most) {
      const rows = await database.query<{ run: string }>(
        `select distinct run from slipway.slack_pictures where picture ->> 'ended' is null order by run limit $1`,
        [most],
      );
      return rows.map(({ run }) => run);
    },

    async take({ run, channel, by }, ms) {
      const [row] = await database.query<{ json: string }>(
        `insert into slipway.slack_pictures as known (run, channel, taken_by, taken_until)
         values ($1, $2, $3, clock_timestamp() + $4 * interval '1 ms')
         on conflict (run, channel) do update set taken_by = excluded.taken_by, taken_until = excluded.taken_until
           where known.taken_until is null or known.taken_until < clock_timestamp()
         returning picture::text as json`,
        [run, channel, by, ms],
      );
      return row && (parseStored(row.json) as Picture);
    },

    async put({ run, channel, by }, picture) {
      await database.query(
        `update slipway.slack_pictures set picture = coalesce($4, picture), taken_by = null, taken_until = null
         where run = $1 and channel = $2 and taken_by = $3`,
        [run, channel, by, picture && JSON.stringify(picture)],
      );
    },
  };
}
