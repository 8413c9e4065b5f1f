import type { SignedSession } from '../../domain/contract/sessions.ts';
import { parseStored } from '../shared/stored-json.ts';
import type { Database } from './database.ts';
import type { Sessions } from './port.ts';

export function postgresSessions(database: Database): Sessions {
  return {
    async begin(signed) {
      await database.query('select slipway.begin_session($1, $2)', [signed.session.hash, JSON.stringify(signed)]);
    },

    async find(hash, { isUse }) {
      const [row] = await database.query<{ json: string | null }>('select slipway.find_session($1, $2)::text as json', [
        hash,
        isUse,
      ]);
      return typeof row?.json === 'string' ? (parseStored(row.json) as SignedSession) : undefined;
    },

    async end(hash) {
      await database.query('select slipway.end_session($1)', [hash]);
    },
  };
}
