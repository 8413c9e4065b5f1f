import { parseStored } from '../shared/stored-json.ts';
import type { Database } from './database.ts';
import { mostCounted } from './port.ts';
import type { Picture, SlackRecords } from './port.ts';
import { hasEnded } from './run-sql.ts';

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

    async unfinished(most, after) {
      const rows = await database.query<{ run: string }>(
        `select distinct run from slipway.slack_pictures where picture ->> 'ended' is null and run > $2 order by run limit $1`,
        [most, after],
      );
      return rows.map(({ run }) => run);
    },

    async behind() {
      const [row] = await database.query<{ count: number }>(
        `select count(*)::int as count from (
           select from slipway.slack_pictures where picture ->> 'ended' is null and ${hasEnded('run')} limit $1) counted`,
        [mostCounted],
      );
      return row?.count ?? 0;
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

    async keep({ run, channel, by }, picture, ms) {
      const rows = await database.query(
        `update slipway.slack_pictures set picture = $4, kept_at = clock_timestamp(), taken_until = clock_timestamp() + $5 * interval '1 ms'
         where run = $1 and channel = $2 and taken_by = $3 returning run`,
        [run, channel, by, JSON.stringify(picture), ms],
      );
      return rows.length > 0;
    },

    async drop({ run, channel }) {
      await database.query('select slipway.drop_picture($1, $2)', [run, channel]);
    },

    async forget() {
      await database.query('select slipway.forget_pictures()');
    },

    async put({ run, channel, by }, picture) {
      await database.query(
        `update slipway.slack_pictures set picture = coalesce($4, picture), kept_at = clock_timestamp(), taken_by = null, taken_until = null
         where run = $1 and channel = $2 and taken_by = $3`,
        [run, channel, by, picture && JSON.stringify(picture)],
      );
    },
  };
}
