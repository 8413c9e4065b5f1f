import type { Database } from './database.ts';
import { storable } from './database.ts';
import type { UsedCredentials } from './port.ts';

export function postgresCredentials(database: Database): UsedCredentials {
  return {
    async use({ id, use, until }) {
      const [row] = await database.query<{ used: string }>(
        'select slipway.use_credential($1, $2, to_timestamp($3::float8 / 1000)) as used',
        [storable(id), storable(use), until],
      );
      return row?.used === storable(use);
    },
  };
}
