import { canonicalJson } from '../../domain/canonical.ts';
import type { Breach } from '../../domain/contract/breach.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Database } from './database.ts';
import type { Breaches } from './port.ts';

export function postgresBreaches(database: Database): Breaches {
  const find = async (id: string): Promise<Breach | undefined> => {
    const [row] = await database.query<{ breach: Breach }>('select breach from slipway.breaches where id = $1', [id]);
    return row?.breach;
  };
  return {
    find,
    async record(breach) {
      await database.query(
        'insert into slipway.breaches (id, release_id, breach) values ($1, $2, $3) on conflict (id) do nothing',
        [breach.id, breach.releaseId, JSON.stringify(breach)],
      );
      const stored = await find(breach.id);
      if (canonicalJson(stored) !== canonicalJson(breach))
        throw failure('SLIP-REC-2', `breach ${breach.id} is stored with other content, for ${stored?.releaseId}`);
    },
  };
}
