import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DatabaseError } from 'pg';
import { createPostgresRecords, preparePostgresRecords } from '../../activities/records/postgres-records.ts';
import { processKinds, rights } from '../../activities/records/rights.ts';
import type { ProcessKind } from '../../activities/records/rights.ts';
import { usePostgres } from '../support/postgres.ts';
import { aSeparatedDatabase } from '../support/postgres-roles.ts';
import type { SeparatedDatabase } from '../support/postgres-roles.ts';

const postgres = usePostgres();
let database: SeparatedDatabase;
/** As PostgreSQL has them: a table that is forgotten in the table of rights is found here. */
let tables: { name: string; columns: { name: string; isIdentity: boolean }[] }[];
beforeAll(async () => {
  database = await aSeparatedDatabase(postgres);
  const rows = await database.ask(
    'owner',
    `select table_name as table, column_name as column, is_identity = 'YES' as identity
     from information_schema.columns where table_schema = 'slipway' order by 1, ordinal_position`,
  );
  const names = [...new Set(rows.map((row) => row['table'] as string))];
  tables = names.map((name) => ({
    name,
    columns: rows
      .filter((row) => row['table'] === name)
      .map((row) => ({ name: row['column'] as string, isIdentity: row['identity'] as boolean })),
  }));
});

/** Whether the database lets somebody try: what the statement would then run into is another matter. */
async function may(kind: ProcessKind, statement: string): Promise<boolean> {
  const error = await database.ask(kind, statement).then(
    () => undefined,
    (reason: unknown) => reason as DatabaseError,
  );
  const noPrivilege = '42501';
  return error?.code !== noPrivilege;
}

describe('the table of rights', () => {
  it('speaks of every table that there is, and of no other', () => {
    expect(Object.keys(rights).sort()).toEqual(tables.map(({ name }) => name).sort());
  });
});

describe.each(processKinds)('the role of a %s', (kind) => {
  it('may do to each table, and to each column of it, exactly what the table of rights says', async () => {
    const [found, wanted]: [Record<string, boolean>, Record<string, boolean>] = [{}, {}];
    const tried = async (what: string, statement: string, right: boolean | undefined) => {
      found[what] = await may(kind, statement);
      wanted[what] = right ?? false;
    };
    for (const { name, columns } of tables) {
      const { select, insert = [], update = [] } = rights[name]?.[kind] ?? {};
      const at = `slipway.${name}`;
      await tried(`read ${name}`, `select 1 from ${at} limit 0`, select);
      await tried(`delete from ${name}`, `delete from ${at} where false`, false);
      await tried(`keep everybody out of ${name}`, `begin; lock table ${at} in access exclusive mode; rollback`, false);
      await tried(`empty ${name}`, `truncate ${at}`, false);
      await tried(`change the rules of ${name}`, `alter table ${at} disable trigger user`, false);
      for (const column of columns) {
        const override = column.isIdentity ? 'overriding system value ' : '';
        const value = column.isIdentity ? '1' : 'null';
        // A row like this is never whole: whoever may write the column is told so, and writes nothing.
        const insertion = `insert into ${at} (${column.name}) ${override}select ${value} where false`;
        const change = `update ${at} set ${column.name} = ${column.isIdentity ? 'default' : 'null'} where false`;
        await tried(`insert ${name}.${column.name}`, insertion, insert.includes(column.name));
        await tried(`update ${name}.${column.name}`, change, update.includes(column.name));
      }
    }
    expect(found).toEqual(wanted);
  });

  it.each([
    ['make a table of its own there', 'create table slipway.mine (n integer)'],
    [
      'replace what guards the audit',
      `create or replace function slipway.guard_audit() returns trigger language plpgsql as 'begin return new; end'`,
    ],
    ['call what guards the audit', 'select slipway.guard_audit()'],
    ['call what tells its kind', 'select slipway.login_kind()'],
    ['make a table that nobody else sees', 'create temporary table mine (n integer)'],
    ['make a file in the database', 'select lo_create(0)'],
    ['take the numbers by which documents are told apart', `select setval('slipway.document_writes', 1)`],
    ['become the owner', 'set role postgres'],
    ['make itself another kind of process', 'grant slipway_gateway, slipway_engine to current_user'],
  ])('may not %s', async (_, statement) => {
    expect(await may(kind, statement)).toBe(false);
  });
});

describe('records with roles', () => {
  it('are opened by a process whose role may change nothing about the schema', async () => {
    const records = await createPostgresRecords({ url: database.as('build') });
    expect(await records.attempts.list({ limit: 1 })).toEqual([]);
    await records.close();
  });

  it('that are older than the process are not touched by it: it says who must prepare them', async () => {
    const older = await aSeparatedDatabase(postgres);
    await older.ask('owner', 'delete from slipway.schema_steps where n = (select max(n) from slipway.schema_steps)');
    await expect(createPostgresRecords({ url: older.as('engine') })).rejects.toThrow('SLIP-REC-7');
  });

  it('are not prepared by a process that does not own them', async () => {
    await expect(preparePostgresRecords({ url: database.as('gateway') })).rejects.toThrow('SLIP-REC-7');
  });

  it('may be prepared again: a right that somebody gave by hand is gone', async () => {
    const again = await aSeparatedDatabase(postgres);
    await again.ask('owner', 'grant delete on slipway.audit to slipway_build');
    await again.ask('owner', 'grant update (n) on slipway.audit to slipway_build');
    await preparePostgresRecords({ url: again.owner });
    for (const statement of ['delete from slipway.audit where false', 'update slipway.audit set n = 1 where false'])
      await expect(again.ask('build', statement)).rejects.toThrow('permission denied');
  });

  it('are told to whoever lacks one, with the login that lacks it', async () => {
    const records = await createPostgresRecords({ url: database.as('build') });
    const asked = records.inventory.current({ service: 'shop', environment: 'production' });
    await expect(asked).rejects.toThrow(/SLIP-REC-11 .*permission denied for table inventory, as test_build/);
    await records.close();
  });

  it('stay those of one role where nobody has asked for more', async () => {
    const url = await postgres.freshDatabase();
    const records = await createPostgresRecords({ url });
    await records.close();
    const other = new URL(url);
    const { username, password } = new URL(database.as('engine'));
    Object.assign(other, { username, password });
    await expect(createPostgresRecords({ url: other.href })).rejects.toThrow(/SLIP-REC-11/);
  });
});
