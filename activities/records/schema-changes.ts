import type { SchemaChange } from '../../domain/contract/release.ts';
import { parseStored } from '../shared/stored-json.ts';
import type { Database } from './database.ts';
import type { SchemaChanges } from './port.ts';

export function postgresSchemaChanges(database: Database): SchemaChanges {
  return {
    async record({ service, environment, database: name, releaseId, pending, contracting, changedAt }) {
      await database.query(
        `insert into slipway.schema_changes
           (service, environment, database, release_id, pending, contracting, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [service, environment, name, releaseId, JSON.stringify(pending), JSON.stringify(contracting), changedAt],
      );
    },

    async takeBack({ service, environment, database: name, releaseId }) {
      await database.query('select slipway.take_back($1, $2, $3, $4)', [service, environment, name, releaseId]);
    },

    async list({ service, environment }) {
      const rows = await database.query<SchemaChangeRow>(
        `select database, release_id, pending::text, contracting::text, changed_at from slipway.schema_changes
         where service = $1 and environment = $2 order by position`,
        [service, environment],
      );
      return rows.map((row) => ({ service, environment, ...toSchemaChange(row) }));
    },
  };
}

interface SchemaChangeRow {
  database: string;
  release_id: string;
  pending: string;
  contracting: string;
  changed_at: number;
}

/** One is parsed at a time: what they come to together is counted as text (schema-sums.ts). */
function textsIn(json: string): string[] {
  const value = parseStored(json);
  return (Array.isArray(value) ? value : [value]).map((one: unknown) => (typeof one === 'string' ? one : '?'));
}

function toSchemaChange(row: SchemaChangeRow): Omit<SchemaChange, 'service' | 'environment'> {
  return {
    database: row.database,
    releaseId: row.release_id,
    pending: textsIn(row.pending),
    contracting: textsIn(row.contracting),
    changedAt: row.changed_at,
  };
}
