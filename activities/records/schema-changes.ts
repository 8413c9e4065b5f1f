import type { SchemaChange } from '../../domain/contract/release.ts';
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
        'select * from slipway.schema_changes where service = $1 and environment = $2 order by position',
        [service, environment],
      );
      return rows.map(toSchemaChange);
    },
  };
}

interface SchemaChangeRow {
  service: string;
  environment: string;
  database: string;
  release_id: string;
  pending: string[];
  contracting: string[];
  changed_at: number;
}

function toSchemaChange(row: SchemaChangeRow): SchemaChange {
  const { service, environment, database, pending, contracting } = row;
  return {
    service,
    environment,
    database,
    releaseId: row.release_id,
    pending,
    contracting,
    changedAt: row.changed_at,
  };
}
