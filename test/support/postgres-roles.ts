import pg from 'pg';
import { afterAll, beforeAll } from '@jest/globals';
import { createPostgresRecords, preparePostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { processKinds, roleOf } from '../../activities/records/rights.ts';
import type { ProcessKind } from '../../activities/records/rights.ts';
import { usePostgres } from './postgres.ts';
import type { TestPostgres } from './postgres.ts';

const password = 'of-a-test';

/** A database of its own in which each kind of process has its role. */
export interface SeparatedDatabase {
  /** URL of the owner of all of it. */
  owner: string;
  /** URL of a login that is a member of that kind's role, and of no other. */
  as(kind: ProcessKind): string;
  /** One statement of somebody who has that login, or owns everything. */
  ask(who: ProcessKind | 'owner', statement: string, values?: unknown[]): Promise<pg.QueryResultRow[]>;
}

export async function aSeparatedDatabase(postgres: TestPostgres): Promise<SeparatedDatabase> {
  const owner = await postgres.freshDatabase();
  await preparePostgresRecords({ url: owner });
  const as = (kind: ProcessKind) => {
    const url = new URL(owner);
    Object.assign(url, { username: loginOf(kind), password });
    return url.href;
  };
  for (const kind of processKinds) {
    const make = `create role ${loginOf(kind)} login password '${password}' in role ${roleOf(kind)}`;
    await once(owner, `do $$ begin ${make}; exception when duplicate_object then null; end $$`);
  }
  return {
    owner,
    as,
    ask: (who, statement, values) => once(who === 'owner' ? owner : as(who), statement, values),
  };
}

/** The same database as each kind of process sees it, and as its owner does. */
export interface SeparatedRecords extends Record<ProcessKind | 'owner', Records> {
  database: SeparatedDatabase;
  /** One more, in which nothing is stored. */
  another(): Promise<SeparatedDatabase>;
  close(): Promise<void>;
}

export async function openSeparated(postgres: TestPostgres): Promise<SeparatedRecords> {
  const database = await aSeparatedDatabase(postgres);
  const open = (url: string) => createPostgresRecords({ url, maxConnections: 3 });
  const [owner, gateway, engine, environment, build] = await Promise.all([
    open(database.owner),
    open(database.as('gateway')),
    open(database.as('engine')),
    open(database.as('environment')),
    open(database.as('build')),
  ]);
  const all = { owner, gateway, engine, environment, build };
  return {
    database,
    another: () => aSeparatedDatabase(postgres),
    ...all,
    close: async () => void (await Promise.all(Object.values(all).map((records) => records.close()))),
  };
}

/** The same for the whole test file, on a server of its own: filled in before its first test. */
export function useSeparatedRecords(): SeparatedRecords {
  const postgres = usePostgres();
  const separated = {} as SeparatedRecords;
  beforeAll(async () => void Object.assign(separated, await openSeparated(postgres)));
  afterAll(() => separated.close?.());
  return separated;
}

function loginOf(kind: ProcessKind): string {
  return `test_${kind}`;
}

async function once(url: string, statement: string, values: unknown[] = []): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<pg.QueryResultRow>(statement, values)).rows;
  } finally {
    await client.end();
  }
}
