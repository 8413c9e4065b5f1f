import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createPostgresRecords, preparePostgresRecords } from '../../activities/records/postgres-records.ts';
import { processKinds, roleOf } from '../../activities/records/rights.ts';
import type { ProcessKind } from '../../activities/records/rights.ts';
import { sizes } from '../../activities/records/schema-bounds.ts';
import { sha256 } from '../../activities/shared/sha256.ts';
import { chainEntry, chainOf } from '../../domain/audit-chain.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { runKinds } from '../../domain/run-kinds.ts';
import {
  aChange,
  aDecision,
  anAuditEntry,
  aLane,
  aLaneOrder,
  aRequest,
  aRunAskedFor,
} from '../contract/records-builders.ts';
import { aCommit, aVerified } from '../domain/builders.ts';
import { theSigner } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** What somebody with the database login of one process can do to the others: nothing. */

const records = useSeparatedRecords();
const clients: pg.Client[] = [];
const logins: string[] = [];

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // ended by the test
  await client.connect();
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) await client.end();
  for (const login of logins.splice(0)) await records.database.ask('owner', `drop role ${login}`);
});

const databaseName = async () => {
  const [row] = await records.database.ask('owner', 'select current_database()::text as name');
  return row!['name'] as string;
};

const othersOf = (kind: ProcessKind) => processKinds.filter((other) => other !== kind);

describe.each(processKinds)('whoever has the login of a %s, and locks all that it can', (kind) => {
  /** A transaction that stays open: what it has locked is locked until the test ends. */
  async function withAllLocks(lane: { service: string; environment: string }): Promise<void> {
    const name = `${lane.service}/${lane.environment}`;
    const client = await connected(records.database.as(kind));
    await client.query('begin');
    for (const lock of [`audit/${name}`, `attempts/${name}`, `lane/${name}`, 'chain-ends', 'shipments/x', 'schema']) {
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`slipway/${lock}`]);
      await client.query('select slipway.lock($1)', [`slipway/${lock}`]);
    }
    const row = chainEntry({ n: 0, hash: '0'.repeat(64) }, anAuditEntry({ lane: chainOf(name, kind) }), sha256);
    await client.query(
      `insert into slipway.audit (lane, n, key, entry, previous, hash) values ($1, $2, $3, '{}', $4, $5)`,
      [row.lane, row.n, row.key, row.previous, row.hash],
    );
  }

  it('keeps no other process from saying what it has done, and from reading it', async () => {
    const lane = aLane();
    const name = `${lane.service}/${lane.environment}`;
    await withAllLocks(lane);
    const entry = anAuditEntry({ lane: name });
    await Promise.all(othersOf(kind).map((other) => records[other].audit.append(entry)));
    const rows = await records.owner.audit.list(name, 10);
    expect(new Set(rows.map(({ writer }) => writer))).toEqual(new Set(othersOf(kind).map((other) => `test_${other}`)));
    expect(rows).toHaveLength(3);
    expect(await records.owner.audit.firstBroken(name)).toBeUndefined();
  });

  it('keeps no other process from starting, and from its part of a release', async () => {
    const lane = aLane();
    const parts: [ProcessKind, () => Promise<unknown>][] = [
      ...processKinds.map((whose): [ProcessKind, () => Promise<unknown>] => [
        whose,
        async () => (await createPostgresRecords({ url: records.database.as(whose) })).close(),
      ]),
      ['gateway', () => records.gateway.attempts.open(aRequest(lane), { requestKey: randomUUID(), fresh: true })],
      ['gateway', () => records.gateway.closings.order(aLaneOrder(lane, { kind: 'freeze' }))],
      ['gateway', () => records.gateway.chainEnds.add({ verifyEnds: () => true }, () => undefined)],
      [
        'gateway',
        () =>
          records.gateway.chainEnds.shipNext('x', () => Promise.resolve(), {
            seal: { signShipment: theSigner.signShipment, verifyShipment: () => true, verifyEnds: () => true },
          }),
      ],
      ['engine', () => records.engine.lanes.begin(lane, randomUUID())],
    ];
    await withAllLocks(lane);
    const others = parts.filter(([whose]) => whose !== kind);
    await expect(Promise.all(others.map(([, does]) => does()))).resolves.toHaveLength(others.length);
  });

  it('is known by its groups alone, and not by what it says of itself', async () => {
    await records.database.ask('owner', `grant temporary on database ${await databaseName()} to public`);
    const client = await connected(records.database.as(kind));
    await client.query(
      `create temporary table pg_roles as select 'slipway_else'::name as rolname, oid from pg_catalog.pg_roles`,
    );
    const { rows } = await client.query<{ kind: string }>(`select slipway.lock('x') as kind`);
    expect(rows).toEqual([{ kind }]);
  });

  it('cannot write to the chain of another kind, or hold it', async () => {
    for (const other of [...othersOf(kind), 'else', '']) {
      const row = chainEntry(
        { n: 0, hash: '0'.repeat(64) },
        anAuditEntry({ lane: `shop/production@${other}` }),
        sha256,
      );
      const insert = `insert into slipway.audit (lane, n, key, entry, previous, hash) values ($1, 1, $2, '{}', $3, $4)`;
      await expect(records.database.ask(kind, insert, [row.lane, row.key, row.previous, row.hash])).rejects.toThrow(
        'is not the chain of',
      );
    }
  });
});

describe('what is stored', () => {
  const much = (bytes: number) => 'x'.repeat(bytes);

  it.each([
    [
      'a document',
      'build',
      `insert into slipway.documents (release_id, name, document) values ('r', 'gate-x', $1::json)`,
      5_000_000,
    ],
    [
      'a name',
      'build',
      `insert into slipway.documents (release_id, name, document) values ('r', 'gate-' || $1, '{}')`,
      2_000_000,
    ],
    [
      'a row of the audit',
      'environment',
      `insert into slipway.audit (lane, n, key, entry, previous, hash)
       values ('large@environment', 1, 'k', $1::json, repeat('0', 64), repeat('0', 64))`,
      300_000,
    ],
    [
      'a decision',
      'gateway',
      `insert into slipway.decisions (id, release_id, signed)
       values ('d', 'r', json_build_object('decision', json_build_object('id', 'd', 'releaseId', 'r', 'reason', $1::json)))`,
      5_000_000,
    ],
  ] as const)('is never larger than its reader can bear: %s', async (_, kind, insert, bytes) => {
    await expect(records.database.ask(kind, insert, [JSON.stringify(much(bytes))])).rejects.toThrow(
      'check constraint "most_',
    );
  });

  it('names no more places that a run has changed than there can be', async () => {
    const record = async (places: number) =>
      records.database.ask(
        'environment',
        `insert into slipway.touched (workflow_id, run_id, what, first_at) values ($1, 'r', array_fill('core in de'::text, array[$2::integer]), 1)`,
        [await aRunAskedFor(records.gateway), places],
      );
    await record(10_000);
    await expect(record(10_001)).rejects.toThrow('check constraint "most_places"');
  });

  it.each([
    ['back-de', 32_768],
    ['turn-core in de', 32_768],
    ['going-back-de', 32_768],
    ['seen-de', 262_144],
    ['image-core', 262_144, 'build'],
  ] as const)(
    'of a region is as small as what is said of it: %s',
    async (name, most, kind: ProcessKind = 'environment') => {
      const keep = (size: number) =>
        records[kind].plans.keep('release/shop/production/c/1', name, much(size - '""'.length));
      await keep(most);
      await expect(keep(most + 1)).rejects.toThrow('SLIP-REC-4');
    },
  );

  it.each([
    ['a release that nobody has started', (service: string) => `release/${service}/production/${aCommit()}/1`],
    ['a rollback that nobody has ordered', (service: string) => `rollback/${service}/production/${randomUUID()}`],
    ['anything else', (service: string) => `lane/${service}/production`],
  ])('of runs that change something is not of %s', async (_what, idOf) => {
    const lane = aLane();
    const touched = { workflowId: idOf(lane.service), runId: 'one', what: 'core in de', at: 1 };
    await expect(records.environment.touched.record(touched)).rejects.toThrow('SLIP-REC-2');
    await expect(records.environment.changes.begin(aChange(lane), touched)).rejects.toThrow('SLIP-REC-2');
    const change = {
      ...lane,
      database: 'main',
      releaseId: touched.workflowId,
      pending: [],
      contracting: [],
      changedAt: 1,
    };
    await expect(records.environment.schema.record(change)).rejects.toThrow('SLIP-REC-2');
    expect((await records.engine.touched.list({ ...lane, since: 0 })).runs).toEqual([]);
  });

  /** Of each kind of run one that was asked for. */
  const askedFor: Record<keyof typeof runKinds, (lane: LaneKey) => Promise<string>> = {
    release: (lane) => aRunAskedFor(records.gateway, lane),
    async rollback({ service, environment }) {
      const { decision } = aDecision({ kind: 'roll-back' });
      const run = `rollback/${service}/${environment}/${decision.id}`;
      await records.gateway.decisions.store(aDecision({ ...decision, run }));
      return run;
    },
  };
  it.each(Object.entries(askedFor))(
    'of runs that change something is of what was asked for: a %s',
    async (_kind, ask) => {
      const lane = aLane();
      const begin = (workflowId: string) =>
        records.environment.touched.record({ workflowId, runId: 'one', what: 'core in de', at: 1 });
      const run = await ask(lane);
      await expect(begin(run.replace(lane.service, 'else'))).rejects.toThrow('SLIP-REC-2');
      await begin(run);
      expect((await records.engine.touched.list({ ...lane, since: 0 })).runs).toMatchObject([{ workflowId: run }]);
    },
  );

  it('is read at once up to what its reader can bear, and told by its name where it is more', async () => {
    const release = `release/shop/production/${aCommit()}/1`;
    const names = Array.from({ length: 5 }, (_, n) => `gate-${n}`);
    for (const name of names) await records.build.plans.keep(release, name, much(3_900_000));
    expect(await records.engine.plans.keptAmong([release], names.slice(0, 4))).toHaveLength(4);
    await expect(records.engine.plans.keptAmong([release], names)).rejects.toThrow('SLIP-REC-8');
  });

  it('of runs comes in pages of about a megabyte, whatever they say that they have changed', async () => {
    const lane = aLane();
    for (let n = 0; n < 5; n++)
      await records.environment.touched.record({
        workflowId: await aRunAskedFor(records.gateway, lane),
        ...{ runId: 'one', what: `core in ${much(500_000)}`, at: 1 },
      });
    const pages: number[] = [];
    for (let after: string | undefined; ;) {
      const { runs, more } = await records.engine.touched.list({ ...lane, since: 0, ...(after && { after }) });
      pages.push(runs.length);
      if (!more) break;
      after = runs.at(-1)!.workflowId;
    }
    expect(pages).toEqual([2, 2, 1]);
  });

  it('has a bound in each column that could hold a text of any length', async () => {
    const without = await records.database.ask(
      'owner',
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'slipway' and data_type not in ('integer', 'bigint', 'boolean', 'uuid', 'timestamp with time zone')
         and not exists (
           select from pg_constraint
           where conrelid = ('slipway.' || quote_ident(table_name))::regclass and conname = 'most_' || column_name)`,
    );
    expect(without.map(({ name }) => name as string)).toEqual([]);
  });

  it('is refused by its size in words that say what to do', async () => {
    const entry = anAuditEntry({ facts: { reason: much(300_000) } });
    await expect(records.engine.audit.append(entry)).rejects.toThrow('SLIP-REC-4');
  });

  it('and was larger before there was a bound is kept, and read', async () => {
    const { owner, ask } = await records.another();
    await ask(
      'owner',
      `do $$ declare bound record; begin
         for bound in select conrelid::regclass as at, conname from pg_constraint where conname like 'most\\_%' loop
           execute format('alter table %s drop constraint %I', bound.at, bound.conname);
         end loop;
       end $$`,
    );
    await ask('owner', `insert into slipway.documents (release_id, name, document) values ('r', 'tests', $1::json)`, [
      JSON.stringify(much(5_000_000)),
    ]);
    await ask('owner', sizes);
    const newer = await createPostgresRecords({ url: owner });
    expect(await newer.plans.kept('r', 'tests')).toHaveLength(5_000_000);
    await newer.close();
  });
});

describe('logins', () => {
  const made = async (groups: string, more = ''): Promise<string> => {
    const login = `test_login_${randomUUID().slice(0, 8)}`;
    await records.database.ask('owner', `create role ${login} login password 'of-a-test' ${more} in role ${groups}`);
    logins.push(login);
    return login;
  };
  const limitsOf = async (names: string[]) => {
    const rows = await records.database.ask(
      'owner',
      'select rolconnlimit as most from pg_roles where rolname = any($1) order by array_position($1, rolname::text)',
      [names],
    );
    return rows.map(({ most }) => most as number);
  };

  it('take no more than their share of the connections, where their maker has said nothing else', async () => {
    const [plain, chosen] = [await made(roleOf('build')), await made(roleOf('engine'), 'connection limit 7')];
    const told = await preparePostgresRecords({ url: records.database.owner });
    const [ofPlain, ofChosen] = await limitsOf([plain, chosen]);
    expect(told).toEqual(
      expect.arrayContaining([
        { name: plain, connections: ofPlain },
        { name: chosen, connections: 7 },
      ]),
    );
    expect(ofChosen).toBe(7);
    const [server] = await records.database.ask('owner', `select current_setting('max_connections')::integer as all`);
    expect(ofPlain).toBeGreaterThan(0);
    expect(ofPlain).toBeLessThanOrEqual((server!['all'] as number) / 5);
  });
});

describe('a login of one environment', () => {
  const group = 'slipway_environment_production';

  async function ofProduction() {
    await records.database.ask('owner', `create role ${group} in role ${roleOf('environment')}`);
    const login = `test_of_${randomUUID().slice(0, 8)}`;
    await records.database.ask('owner', `create role ${login} login password 'of-a-test' in role ${group}`);
    logins.push(login, group);
    const url = new URL(records.database.owner);
    Object.assign(url, { username: login, password: 'of-a-test' });
    return createPostgresRecords({ url: url.href, maxConnections: 1 });
  }

  it('writes for that environment, and for no other', async () => {
    const mine = await ofProduction();
    const refused = 'row-level security';
    const { service } = aLane();
    const changed = { service, database: 'main', pending: ['0001'], contracting: [], changedAt: 1 };
    for (const environment of ['production', 'staging']) {
      const releaseId = await aRunAskedFor(records.gateway, { service, environment });
      const touch = mine.touched.record({ workflowId: releaseId, runId: 'one', what: 'core in de', at: 1 });
      const keep = mine.plans.keep(`lane/${service}/${environment}`, 'seen-de', {});
      const record = mine.schema.record({ ...changed, environment, releaseId });
      const touched = { workflowId: releaseId, runId: 'one', what: 'core in de', at: 1 };
      const change = mine.changes.begin(aChange({ service, environment }), touched);
      const all = await Promise.allSettled([touch, keep, record, change]);
      for (const one of all)
        expect(one).toMatchObject(
          environment === 'production'
            ? { status: 'fulfilled' }
            : { status: 'rejected', reason: expect.objectContaining({ message: expect.stringContaining(refused) }) },
        );
    }
    await mine.close();
  });

  it('takes back nothing that was verified in another, and ends no change there', async () => {
    const mine = await ofProduction();
    const { service } = aLane();
    const left: Record<string, unknown> = {};
    for (const environment of ['production', 'staging']) {
      const lane = { service, environment };
      const releaseId = `release/${service}/${environment}/${aCommit()}/1`;
      await records.owner.inventory.record([aVerified({ ...lane, releaseId })]);
      const touched = { workflowId: releaseId, runId: 'one', what: 'core in de', at: 1 };
      const { number } = await records.owner.changes.begin(aChange(lane), touched);
      await mine.inventory.revoke(releaseId, 'to have it halt');
      await mine.changes.end(number, true);
      const [rows, { underWay }] = await Promise.all([
        records.owner.inventory.of(releaseId),
        records.owner.changes.lookAt(lane, 'de'),
      ]);
      left[environment] = { rows: rows.length, underWay };
    }
    expect(left).toEqual({
      production: { rows: 0, underWay: [] },
      staging: { rows: 1, underWay: ['core'] },
    });
    await mine.close();
  });

  it('takes back no schema change of another', async () => {
    const mine = await ofProduction();
    const { service } = aLane();
    for (const environment of ['production', 'staging']) {
      const releaseId = await aRunAskedFor(records.gateway, { service, environment });
      const change = {
        service,
        environment,
        database: 'main',
        releaseId,
        pending: ['0001'],
        contracting: [],
        changedAt: 1,
      };
      await records.environment.schema.record(change);
      await mine.schema.takeBack(change);
      expect(await records.engine.schema.list({ service, environment })).toHaveLength(
        environment === 'staging' ? 1 : 0,
      );
    }
    await mine.close();
  });

  it('has its own place in the audit, which no other environment can hold', async () => {
    const mine = await ofProduction();
    const { service } = aLane();
    const entry = anAuditEntry({ lane: `${service}/production` });
    const other = await connected(records.database.as('environment'));
    await other.query('begin');
    await other.query('select slipway.lock($1)', [`slipway/audit/${entry.lane}`]);
    await mine.audit.append(entry);
    expect(await records.owner.audit.list(entry.lane, 10)).toMatchObject([
      { lane: `${entry.lane}@environment_production`, n: 1 },
    ]);
    await mine.close();
  });
});
