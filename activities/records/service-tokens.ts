import type { SignedToken, StoredToken } from '../../domain/contract/tokens.ts';
import { parseStored } from '../shared/stored-json.ts';
import { type Database, storable } from './database.ts';
import type { ServiceTokens } from './port.ts';
import { mostTokens } from './port.ts';

interface Row {
  json: string;
  revoked_by: string | null;
}

/** One is good at most; of the others it is enough to know that they were there. */
const mostOfName = 10;

const columns = 'signed::text as json, revoked_by';

export function postgresServiceTokens(database: Database): ServiceTokens {
  const toStored = ({ json, revoked_by }: Row): StoredToken => ({
    signed: parseStored(json) as SignedToken,
    ...(revoked_by !== null && { revokedBy: revoked_by }),
  });
  return {
    async add(signed) {
      const { hash, name } = signed.token;
      const added = await database.query(
        'insert into slipway.service_tokens (hash, name, signed) values ($1, $2, $3) on conflict do nothing returning hash',
        [hash, name, JSON.stringify(signed)],
      );
      return added.length > 0;
    },

    async find(hash) {
      const [row] = await database.query<Row>(`select ${columns} from slipway.service_tokens where hash = $1`, [hash]);
      return row && toStored(row);
    },

    async named(name) {
      const rows = await database.query<Row>(
        `select ${columns} from slipway.service_tokens where name = $1
         order by revoked_by is null desc, position desc limit ${mostOfName}`,
        [name],
      );
      return rows.map(toStored);
    },

    async list() {
      const rows = await database.query<Row>(
        `select ${columns} from slipway.service_tokens order by position desc limit ${mostTokens}`,
      );
      return rows.map(toStored);
    },

    async revoke(hash, by) {
      await database.query('update slipway.service_tokens set revoked_by = $2 where hash = $1', [hash, storable(by)]);
    },
  };
}
