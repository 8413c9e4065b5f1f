import { canonicalJson } from '../../domain/canonical.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Database, Queries } from './database.ts';
import { asDocument } from '../shared/document.ts';
import type { Plans } from './port.ts';
import { type InBytes, inBytes, mostBytes, requireWhole } from './read-at-once.ts';

export function postgresPlans(database: Database): Plans {
  const find = async (planHash: string): Promise<ReleasePlan | undefined> => {
    const [row] = await database.query<{ plan: ReleasePlan }>('select plan from slipway.plans where plan_hash = $1', [
      planHash,
    ]);
    return row?.plan;
  };
  return {
    find,

    async store(planHash, plan) {
      await database.query(
        'insert into slipway.plans (plan_hash, plan) values ($1, $2) on conflict (plan_hash) do nothing',
        [planHash, asDocument(plan)],
      );
      if (canonicalJson(await find(planHash)) !== canonicalJson(plan)) {
        throw failure('SLIP-REC-2', `plan ${planHash} is stored with other content`);
      }
    },

    keep: (releaseId, name, document) => keepIn(database, releaseId, name, document),

    async kept(releaseId, name) {
      const [row] = await database.query<{ document: unknown }>(
        'select document from slipway.documents where release_id = $1 and name = $2',
        [releaseId, name],
      );
      return row?.document;
    },

    async keptAmong(releaseIds, names) {
      const documents =
        'select release_id, name, document::text as json from slipway.documents where release_id = any($1) and name = any($2)';
      const rows = await database.query<InBytes & { release_id: string; name: string; json: string }>(
        inBytes(documents, 'release_id, name', mostBytes.documents),
        [releaseIds, names],
      );
      requireWhole(rows, {
        what: `documents of ${releaseIds.join(', ')}`,
        writer: 'an environment, a build or the engine',
      });
      return rows.map(({ release_id, name, json }) => ({ releaseId: release_id, name, json }));
    },
  };
}

export async function keepIn(queries: Queries, releaseId: string, name: string, document: unknown): Promise<void> {
  await queries.query(
    `insert into slipway.documents (release_id, name, document) values ($1, $2, $3)
     on conflict (release_id, name) do update set document = excluded.document`,
    [releaseId, name, asDocument(document)],
  );
}
