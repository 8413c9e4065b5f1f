import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { judgeRecords } from '../../activities/records/judge-records.ts';
import {
  createPostgresRecords,
  lookAtPostgresRecords,
  preparePostgresRecords,
} from '../../activities/records/postgres-records.ts';
import { processKinds, roleOf } from '../../activities/records/rights.ts';
import { rightsScript } from '../../activities/records/rights-script.ts';
import { recordsSql } from '../../workers/compose-records.ts';
import { usePostgres } from '../support/postgres.ts';

const postgres = usePostgres();
const password = 'of-a-test';

async function run(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** As psql reads a file: comments are nothing, and what stands between dollars is no end of a statement. */
function statementsIn(sql: string): string[] {
  const said = sql.replaceAll(/^--.*$/gm, '');
  const pieces = said.split('$$').map((piece, n) => (n % 2 === 0 ? piece.replaceAll(';', '\0') : piece));
  return pieces
    .join('$$')
    .split('\0')
    .map((statement) => statement.trim())
    .filter(Boolean);
}

/** What everybody may in the database that administrators log in to. */
async function publicRights(): Promise<unknown> {
  const client = new pg.Client({ connectionString: postgres.server().url('postgres') });
  await client.connect();
  const acl =
    "(select array_agg(proname || proacl::text order by oid) from pg_proc where proname ~ '^lo_(creat|from)') as functions";
  try {
    return (await client.query(`select datacl, ${acl} from pg_database where datname = 'postgres'`)).rows;
  } finally {
    await client.end();
  }
}

async function ask(user: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: as(user) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

const as = (user: string) => postgres.server().url('slipway', { user, password });
const found = async (user: string) => judgeRecords(await lookAtPostgresRecords({ url: as(user) }));
const problems = async (user: string) => (await found(user)).filter(({ ok }) => !ok);
const owner = 'slipway_owner';
const logins = [owner, ...processKinds.map((kind) => `slipway_of_${kind}`)];

describe('what is printed for whoever may make roles and databases', () => {
  const ownersOwn = rightsScript()[1];
  let before: unknown;
  beforeAll(async () => {
    before = await publicRights();
    const passwords = logins.map((login) => `alter role ${login} password '${password}'`);
    await run(postgres.server().url('postgres'), [...statementsIn(recordsSql()), ...passwords]);
  });

  it('may be said whole by an administrator, whose own database stays as it is', async () => {
    expect(await publicRights()).toEqual(before);
    expect(recordsSql()).toMatch(/^-- .*psql -v ON_ERROR_STOP=1 /);
  });

  it('has no password in it', () => {
    expect(statementsIn(recordsSql()).join('\n')).not.toMatch(/password/);
  });

  it('leaves nothing but the schema, which is seen to be missing', async () => {
    expect(await found(owner)).toEqual([
      { ok: false, says: 'schema slipway is not there', next: expect.stringContaining('`slipway setup --roles`') },
    ]);
  });

  it('lets an owner who may make no roles prepare the records, in which each login then has its rights', async () => {
    const prepared = await preparePostgresRecords({ url: as(owner) });
    expect(prepared).toEqual(
      processKinds
        .map((kind) => ({ name: `slipway_of_${kind}`, connections: kind === 'gateway' ? 40 : 20 }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    );
    for (const login of logins) expect({ login, problems: await problems(login) }).toEqual({ login, problems: [] });
    for (const kind of processKinds) {
      const records = await createPostgresRecords({ url: as(`slipway_of_${kind}`) });
      await records.close();
    }
  });

  it('has the rights that preparing the records gives, and may be said again', async () => {
    const lost = 'update (document) on slipway.documents';
    await run(as(owner), [
      `revoke ${lost} from slipway_build`,
      'grant delete on slipway.audit to slipway_build',
      'grant insert (image) on slipway.inventory to slipway_environment',
    ]);
    // Who only logs in sees it as well as the owner does.
    for (const login of [owner, 'slipway_of_build'])
      expect(await problems(login)).toEqual([
        {
          ok: false,
          says: 'slipway_environment may besides insert inventory.image',
          next: expect.stringContaining('`slipway setup --roles`'),
        },
        {
          ok: false,
          says: 'slipway_build lacks update documents.document, and may besides more than rows of audit',
          next: expect.stringContaining('`slipway setup --roles`'),
        },
      ]);
    await run(as(owner), ownersOwn!.statements);
    await run(as(owner), ownersOwn!.statements);
    expect(await problems(owner)).toEqual([]);
  });

  it('is compared with functions, too: with one that may not be called, and one that everybody may', async () => {
    await run(as(owner), [
      'revoke execute on function slipway.lock(text) from slipway_engine',
      'grant execute on function slipway.take_back(text, text, text, text) to public',
    ]);
    const besides = 'may besides call take_back(text, text, text, text)';
    expect((await problems('slipway_of_build')).map(({ says }) => says)).toEqual([
      `slipway_gateway ${besides}`,
      `slipway_engine lacks call lock(text), and ${besides}`,
      `slipway_build ${besides}`,
    ]);
    await run(as(owner), ownersOwn!.statements);
    expect((await problems(owner)).map(({ says }) => says)).toEqual([]);
  });

  it('is compared with policies of rows, too: with one that is of another version, is gone, is beside them, or does not count', async () => {
    const wider = "name ~ '^(migrations|seen)-' and slipway.serves(split_part(release_id, '/', 3))";
    await run(as(owner), [
      'drop policy environment_adds on slipway.documents',
      `create policy environment_adds on slipway.documents for insert to slipway_environment with check (${wider})`,
      'drop policy engine_hands_over on slipway.touched',
      'create policy everything on slipway.inventory for insert to slipway_engine, slipway_build with check (true)',
      'alter policy gateway_concludes on slipway.attempts with check (outcome is null)',
      'alter policy anybody_reads on slipway.changes to slipway_engine, slipway_gateway, slipway_build',
      'alter table slipway.schema_changes disable row level security',
    ]);
    const open = 'may besides read and write every row of schema_changes, as row-level security is off';
    const beside = 'may besides what policy everything of inventory lets it';
    const lacks = (...those: string[]) =>
      `lacks ${those.map((one) => `policy ${one} as this version has it`).join(', ')}`;
    for (const login of [owner, 'slipway_of_build'])
      expect((await problems(login)).map(({ says }) => says)).toEqual([
        `slipway_gateway ${lacks('gateway_concludes of attempts')}, and ${open}`,
        `slipway_engine ${lacks('engine_hands_over of touched')}, and ${beside}, ${open.slice('may besides '.length)}`,
        `slipway_environment ${lacks('anybody_reads of changes', 'environment_adds of documents')}, and ${open}`,
        `slipway_build ${beside}, ${open.slice('may besides '.length)}`,
      ]);
    await run(as(owner), ownersOwn!.statements);
    expect(await problems(owner)).toEqual([]);
  });

  it('leaves policies of rows that others have, and names them: whoever is in a group of ours, or everybody, is no other', async () => {
    await run(postgres.server().url('slipway'), ['create role reports login']);
    await run(as(owner), [
      'create policy theirs on slipway.inventory for select to reports using (true)',
      "create policy fewer on slipway.inventory as restrictive for select to reports using (state = 'verified')",
      'create policy shared on slipway.inventory for select to reports, slipway_engine using (true)',
      'create policy all_of_it on slipway.touched for select to public using (true)',
      'create policy by_login on slipway.changes for update to slipway_of_environment using (true)',
    ]);
    const besides = (kind: string, ...those: string[]) =>
      `slipway_${kind} may besides ${those.map((one) => `what policy ${one} lets it`).join(', ')}`;
    expect((await problems(owner)).map(({ says }) => says)).toEqual([
      besides('gateway', 'all_of_it of touched'),
      besides('engine', 'shared of inventory', 'all_of_it of touched'),
      besides('environment', 'by_login of changes', 'all_of_it of touched'),
      besides('build', 'all_of_it of touched'),
    ]);
    await run(as(owner), ownersOwn!.statements);
    expect(await problems(owner)).toEqual([]);
    expect((await found(owner)).at(-1)).toEqual({
      ok: true,
      says: "policies of rows for others than Slipway's processes, left as they are: fewer of inventory, theirs of inventory",
    });
  });

  it('leaves no policy that counts for a process of ours by a role of others which its login, or its group, was put into', async () => {
    await run(postgres.server().url('slipway'), [
      ...['staff', 'readers', 'auditors', 'administrators'].map((role) => `create role ${role}`),
      'grant staff to slipway_of_environment',
      'grant auditors to readers',
      'grant readers to slipway_environment',
      // Whoever may do everything, and is in each group, makes nothing ours that names them.
      `grant slipway_environment, ${owner} to administrators`,
    ]);
    await run(as(owner), [
      `insert into slipway.documents (release_id, name, document) values ('release/shop/prod/9/1', 'report', '{}')`,
      'create policy p_login on slipway.documents for all to staff using (true) with check (true)',
      'create policy p_group on slipway.changes for select to readers using (true)',
      'create policy p_deep on slipway.touched for select to auditors using (true)',
      'create policy p_owners on slipway.inventory for select to administrators using (true)',
    ]);
    const forge = `with forged as (update slipway.documents set document = '{"outcome":"verified"}' where name = 'report' returning 1)
      select count(*)::integer as documents from forged`;
    expect(await ask('slipway_of_environment', forge)).toEqual([{ documents: 1 }]);
    const those = ['p_group of changes', 'p_login of documents', 'p_deep of touched'];
    for (const login of [owner, 'slipway_of_build'])
      expect((await problems(login)).map(({ says }) => says)).toEqual([
        `slipway_environment may besides ${those.map((one) => `what policy ${one} lets it`).join(', ')}`,
      ]);
    await run(as(owner), ownersOwn!.statements);
    expect(await problems(owner)).toEqual([]);
    expect((await found(owner)).at(-1)?.says).toContain('left as they are: fewer of inventory, p_owners of inventory,');
    expect(await ask('slipway_of_environment', forge)).toEqual([{ documents: 0 }]);
  });

  it('is well where a login is in two groups: the policies of one are asked of the other, as this version has them', async () => {
    await run(postgres.server().url('slipway'), [
      'create role slipway_of_both login',
      'grant slipway_engine, slipway_environment to slipway_of_both',
      'create role unbounded login bypassrls',
      'grant slipway_engine to unbounded',
    ]);
    await run(as(owner), ['create policy theirs_alone on slipway.changes for select to unbounded using (true)']);
    expect(await problems(owner)).toEqual([]);
    await run(as(owner), [
      'alter policy environment_begins on slipway.changes to slipway_environment, slipway_of_both',
    ]);
    expect((await problems(owner)).map(({ says }) => says)).toEqual([
      'slipway_engine may besides what policy environment_begins of changes lets it',
    ]);
    await run(as(owner), ownersOwn!.statements);
    expect(await problems(owner)).toEqual([]);
  });

  it('is compared with a group of which nothing is left', async () => {
    await run(as(owner), [`revoke all on all tables in schema slipway from ${roleOf('build')}`]);
    const [problem, ...others] = await problems(owner);
    expect(others).toEqual([]);
    expect(problem?.says).toMatch(/^slipway_build lacks select schema_steps, .*, \d+ more$/);
  });
});

describe('records with one role', () => {
  it('are looked at as what they are, and not changed', async () => {
    const url = await postgres.freshDatabase();
    const look = async () => judgeRecords(await lookAtPostgresRecords({ url })).map(({ says }) => says);
    expect(await look()).toEqual(['schema slipway is not there']);
    expect(await look()).toEqual(['schema slipway is not there']);
    await (await createPostgresRecords({ url })).close();
    expect(await look()).toEqual([
      'schema slipway is as this version needs it',
      'one role is for all processes: postgres, who owns everything',
    ]);
  });

  it.each([
    [
      'older',
      'delete from slipway.schema_steps where n = (select max(n) from slipway.schema_steps)',
      false,
      /is older/,
    ],
    [
      'newer',
      'insert into slipway.schema_steps (n) select max(n) + 1 from slipway.schema_steps',
      true,
      /newer version/,
    ],
  ])('are seen to be %s than this version', async (_age, change, ok, says) => {
    const url = await postgres.freshDatabase();
    await (await createPostgresRecords({ url })).close();
    await run(url, [change]);
    const [schema] = judgeRecords(await lookAtPostgresRecords({ url }));
    expect(schema).toMatchObject({ ok, says: expect.stringMatching(says) });
  });
});
