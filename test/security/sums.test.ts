import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { holdIdOf } from '../../domain/lane-closures.ts';
import { mostAtOnce } from '../../activities/records/read-at-once.ts';
import { chainOf } from '../../domain/audit-chain.ts';
import { aChange, aDecision, anAuditEntry, aLane, aRunAskedFor } from '../contract/records-builders.ts';
import { aSchemaChange } from '../support/rollback-history.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** What somebody with the database login of one process can add up to, row by row, where others read all of it at once: no more than they bear. */

const records = useSeparatedRecords();
const ask = (...asked: Parameters<typeof records.database.ask>) => records.database.ask(...asked);

/** As if so much had been written by that kind of login already. */
const hasWritten = (kind: string, what: string, amount: number) =>
  ask(
    'owner',
    `insert into slipway.written (kind, what, amount) values ($1, $2, $3)
     on conflict (kind, what) do update set amount = excluded.amount`,
    [kind, what, amount],
  );
const written = async (kind: string, what: string) => {
  const [row] = await ask('owner', 'select amount from slipway.written where (kind, what) = ($1, $2)', [kind, what]);
  return Number(row?.['amount'] ?? 0);
};

afterEach(() => ask('owner', 'delete from slipway.written').then(() => undefined));

describe('chains of the audit', () => {
  const chains = 'chains of the audit';

  it('are begun by one kind of login ten thousand times at most, and it goes on in those that it has', async () => {
    const [known, last, more] = [anAuditEntry(), anAuditEntry(), anAuditEntry()];
    await records.build.audit.append(known);
    await hasWritten('build', chains, 9_999);
    await records.build.audit.append(last);
    await expect(records.build.audit.append(more)).rejects.toThrow(
      'SLIP-REC-8 there is more on record than is read at once: test_build has written more than 10000 of: chains of the audit',
    );
    await records.build.audit.append(anAuditEntry({ lane: known.lane }));
    const ends = await records.gateway.audit.ends();
    const about = (lane: string) => ends.find((end) => end.lane === chainOf(lane, 'build'));
    expect([about(known.lane)?.n, about(last.lane)?.n, about(more.lane)]).toEqual([2, 1, undefined]);
  });

  it('are begun by the others whatever one has written', async () => {
    await hasWritten('build', chains, 10_000);
    const entry = anAuditEntry();
    await Promise.all([records.gateway, records.engine, records.environment].map((of) => of.audit.append(entry)));
    expect(await records.owner.audit.list(entry.lane, 10)).toHaveLength(3);
  });

  it('count for whoever has begun them, also under the name of the lane itself', async () => {
    const before = await written('environment', chains);
    const insert = `insert into slipway.audit (lane, n, key, entry, previous, hash)
      values ($1, 1, 'k', '{}', repeat('0', 64), repeat('a', 64))`;
    await ask('environment', insert, [randomUUID()]);
    expect(await written('environment', chains)).toBe(before + 1);
  });

  it.each([
    ['a hash that is none', `'${'z'.repeat(64)}'`, 'hash'],
    ['a hash of a megabyte', `repeat('a', 1000000)`, 'hash'],
  ])('end with a hash, and not with %s', async (_, hash, column) => {
    const insert = `insert into slipway.audit (lane, n, key, entry, previous, hash)
      values ($1, 1, 'k', '{}', repeat('0', 64), ${hash})`;
    await expect(ask('build', insert, [randomUUID()])).rejects.toThrow(`most_${column}`);
  });

  it.each(['lane', 'key'])('have a %s no longer than there are names', async (column) => {
    const entry = anAuditEntry({ [column]: 'x'.repeat(2_100) });
    await expect(records.build.audit.append(entry)).rejects.toThrow('SLIP-REC-4');
  });
});

describe('rows of the audit', () => {
  const insert = `insert into slipway.audit (lane, n, key, entry, previous, hash)
    select $1, n, 'k' || n, json_build_object('what', repeat('x', 250000)),
      case when n = 1 then repeat('0', 64) else lpad((n - 1)::text, 64, 'a') end, lpad(n::text, 64, 'a')
    from generate_series(1, 20) n`;

  it('are read about a megabyte at once, however large, and whoever goes on comes to all', async () => {
    const lane = `${randomUUID()}@build`;
    await ask('build', insert, [lane]);
    const { audit } = records.gateway;
    expect((await audit.after(lane, 0, 100)).map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect((await audit.after(lane, 18, 100)).map(({ n }) => n)).toEqual([19, 20]);
    expect(await audit.after(lane, 20, 100)).toEqual([]);
    expect((await audit.list(lane.split('@')[0]!, 100)).map(({ n }) => n)).toEqual([20, 19, 18, 17]);
  });
});

it('a chain of more than a megabyte is whole to whoever goes through it', async () => {
  const lane = `${randomUUID()}/production`;
  for (let n = 0; n < 6; n += 1)
    await records.build.audit.append(anAuditEntry({ lane, facts: { log: 'x'.repeat(250_000) } }));
  expect(await records.gateway.audit.firstBroken(lane)).toBeUndefined();
});

describe('changes of regions', () => {
  const begin = async (workflowId: string, lane: ReturnType<typeof aLane>) =>
    records.environment.changes.begin(aChange(lane), { workflowId, runId: 'one', what: 'core in de', at: 1 });

  it('are begun by one run fifty thousand times at most, and others begin theirs', async () => {
    const lane = aLane();
    const [run, other] = [await aRunAskedFor(records.gateway, lane), await aRunAskedFor(records.gateway, lane)];
    await hasWritten('environment', `changes of ${run}`, 49_999);
    await begin(run, lane);
    await expect(begin(run, lane)).rejects.toThrow(
      `SLIP-REC-8 there is more on record than is read at once: test_environment has written more than 50000 of: changes of ${run}`,
    );
    await begin(other, lane);
    expect(await records.engine.changes.lastOf([run, other])).toHaveLength(2);
  });

  it('are looked at while there are no more of them than there can be', async () => {
    const lane = aLane();
    const insert = `insert into slipway.changes (workflow_id, service, environment, region, component, purpose, artifact)
      select $1, $2, $3, 'de', n::text, 'deploy', 'a' from generate_series($4::integer, $5::integer) n`;
    const run = `release/${lane.service}/${lane.environment}/${randomUUID()}/1`;
    const put = (from: number, to: number) => ask('owner', insert, [run, lane.service, lane.environment, from, to]);
    await put(1, mostAtOnce.underWay);
    expect((await records.engine.changes.lookAt(lane, 'de')).underWay).toHaveLength(mostAtOnce.underWay);
    await put(mostAtOnce.underWay + 1, mostAtOnce.underWay + 1);
    await expect(records.engine.changes.lookAt(lane, 'de')).rejects.toThrow('SLIP-REC-8');
    await put(mostAtOnce.underWay + 2, mostAtOnce.changes + 1);
    await expect(records.engine.changes.lastOf([run])).rejects.toThrow('SLIP-REC-8');
  });
});

describe('what runs have changed', () => {
  it('comes in pages, also where each has said little, and all of it to whoever goes on after the last', async () => {
    const { service, environment } = aLane();
    const insert = `insert into slipway.touched (workflow_id, run_id, what, first_at)
      select 'release/' || $1 || '/' || $2 || '/c/' || n, 'one', '{core in de}', 1 from generate_series(1, 1001) n`;
    await ask('owner', insert, [service, environment]);
    const pages: string[][] = [];
    for (let more = true; more;) {
      const after = pages.at(-1)?.at(-1);
      const page = await records.engine.touched.list({ service, environment, since: 0, ...(after && { after }) });
      pages.push(page.runs.map(({ workflowId }) => workflowId));
      more = page.more;
    }
    expect([pages.map(({ length }) => length), new Set(pages.flat()).size]).toEqual([[500, 500, 1], 1_001]);
  });
});

describe('what is on record as JSON', () => {
  const dense = (bytes: number) => `[${Array.from({ length: Math.floor(bytes / 3) }, () => '{}').join(',')}]`;

  it('of a hold is kept as far as it is one, and stands', async () => {
    const lane = aLane();
    const put = `insert into slipway.lane_holds (service, environment, id, hold) values ($1, $2, $3, $4::json)`;
    // By the owner: of a login it must be a run's (below).
    await ask('owner', put, [lane.service, lane.environment, 'one', `{"by":${dense(3_000)},"reason":"\\u0000","x":1}`]);
    expect((await records.gateway.closings.list(lane)).holds).toMatchObject([{ id: 'one', by: '', reason: '\0' }]);
  });

  it.each([
    [
      'orders',
      (lane: ReturnType<typeof aLane>) =>
        ask(
          'gateway',
          `insert into slipway.lane_orders (id, service, environment, signed) values ($1, $1, $2, json_build_object('order',
             json_build_object('id', $1::text, 'lane', json_build_object('service', $1::text, 'environment', $2::text), 'x', $3::json)))`,
          [lane.service, lane.environment, dense(3_000)],
        ),
      async (lane: ReturnType<typeof aLane>) => (await records.engine.closings.list(lane)).orders,
    ],
    [
      'decisions',
      (lane: ReturnType<typeof aLane>) =>
        ask(
          'gateway',
          `insert into slipway.decisions (id, release_id, signed) values ($1, $1, json_build_object('decision',
             json_build_object('id', $1::text, 'releaseId', $1::text, 'reason', $2::json)))`,
          [lane.service, dense(30_000)],
        ),
      (lane: ReturnType<typeof aLane>) => records.engine.decisions.list(lane.service),
    ],
  ] as const)("is none of the gateway's %s where it has more parts than theirs", async (_what, put, read) => {
    const lane = aLane();
    await put(lane);
    expect(await read(lane)).toEqual([]);
  });

  it('of schema changes is a list of names', async () => {
    const lane = aLane();
    const releaseId = await aRunAskedFor(records.gateway, lane);
    const insert = `insert into slipway.schema_changes (service, environment, database, release_id, pending, contracting, changed_at)
      values ($1, $2, $3, $4, $5::json, $6::json, 1)`;
    await ask('environment', insert, [lane.service, lane.environment, 'main', releaseId, '["0001",[["x"]]]', '{}']);
    expect(await records.engine.schema.list(lane)).toMatchObject([{ pending: ['0001', '?'], contracting: ['?'] }]);
  });

  it('of orders and holds comes to no more than a worker can bear', async () => {
    const { service, environment } = aLane();
    const insert = `insert into slipway.lane_holds (service, environment, id, hold)
      select $1, $2, n::text, json_build_object('id', n::text, 'reason', repeat('x', 6000)) from generate_series(1, 5400) n`;
    await ask('owner', insert, [service, environment]);
    await expect(records.environment.closings.list({ service, environment })).rejects.toThrow('SLIP-REC-8');
  });
});

describe('schema changes', () => {
  const most = 33_554_432;
  const about = ({ service, environment }: ReturnType<typeof aLane>) =>
    `bytes of schema changes of ${service}/${environment}`;

  it('of one lane come to no more than its readers bear, and others are written all the same', async () => {
    const lane = aLane();
    const releaseId = await aRunAskedFor(records.gateway, lane);
    await records.environment.schema.record(aSchemaChange({ ...lane, releaseId }));
    await hasWritten('environment', about(lane), most - 100);
    await expect(
      records.environment.schema.record(aSchemaChange({ ...lane, releaseId, database: 'stock' })),
    ).rejects.toThrow(
      `SLIP-REC-8 there is more on record than is read at once: test_environment has written more than ${most} of: ${about(lane)}`,
    );
    expect(await records.engine.schema.list(lane)).toHaveLength(1);
    const other = aLane();
    const ofOther = await aRunAskedFor(records.gateway, other);
    await records.environment.schema.record(aSchemaChange({ ...other, releaseId: ofOther }));
    expect(await records.engine.schema.list(other)).toHaveLength(1);
  });

  it('are counted once, also when the reply was lost', async () => {
    const lane = aLane();
    const change = aSchemaChange({ ...lane, releaseId: await aRunAskedFor(records.gateway, lane) });
    await records.environment.schema.record(change);
    const once = await written('environment', about(lane));
    await records.environment.schema.record(change);
    expect(once).toBeGreaterThan(500);
    expect(await written('environment', about(lane))).toBe(once);
  });

  it.each(['pending', 'contracting'])('name what is %s in 256 kB', async (field) => {
    const lane = aLane();
    const releaseId = await aRunAskedFor(records.gateway, lane);
    const change = (bytes: number) => aSchemaChange({ ...lane, releaseId, [field]: ['x'.repeat(bytes)] });
    await records.environment.schema.record(change(260_000));
    await expect(records.environment.schema.record(change(270_000))).rejects.toThrow('SLIP-REC-4');
  });
});

describe('what people have decided and ordered', () => {
  const insertDecisions = `insert into slipway.decisions (id, release_id, signed)
    select $1 || n, $1, json_build_object('keyId', '', 'signature', '', 'decision', json_build_object('id', $1 || n, 'releaseId', $1::text,
      'kind', 'retry', 'planHash', '', 'channel', '', 'reason', '', 'decidedAt', 1, 'by', '{"id":"kim","groups":[]}'::json))
    from generate_series(1, $2::integer) n`;

  it('about one run is read as long as it is what people could have decided', async () => {
    const run = `release/shop/production/${randomUUID()}/1`;
    await ask('gateway', insertDecisions, [run, mostAtOnce.decisions]);
    expect(await records.engine.decisions.list(run)).toHaveLength(mostAtOnce.decisions);
    expect(await records.environment.decisions.weigh(run)).toHaveLength(mostAtOnce.decisions);
  });

  it.each(['list', 'weigh'] as const)(
    'stops whoever goes by it where there is more, in words that say whose login it was: %s',
    async (read) => {
      const run = `release/shop/production/${randomUUID()}/1`;
      await ask('gateway', insertDecisions, [run, mostAtOnce.decisions + 1]);
      await expect(records.engine.decisions[read](run)).rejects.toThrow(
        `SLIP-REC-8 there is more on record than is read at once: there are more than 1000 decisions about ${run}, written by the login of the gateway`,
      );
      expect(await records.engine.decisions[read](`${run}0`)).toEqual([]);
    },
  );

  it.each([
    [
      'orders',
      'gateway',
      `insert into slipway.lane_orders (id, service, environment, signed)
       select $1 || n, $1, $2, json_build_object('order', json_build_object(
         'id', $1 || n, 'lane', json_build_object('service', $1::text, 'environment', $2::text)))
       from generate_series(1, $3::integer) n`,
      'orders to',
    ],
    [
      'holds',
      'owner',
      `insert into slipway.lane_holds (service, environment, id, hold)
       select $1, $2, n::text, json_build_object('id', n::text) from generate_series(1, $3::integer) n`,
      'holds of',
    ],
  ] as const)('closes a lane with more %s than are read', async (what, kind, insert, words) => {
    const { service, environment } = aLane();
    const most = mostAtOnce[what];
    await ask(kind, insert, [service, environment, most]);
    expect((await records.environment.closings.list({ service, environment }))[what]).toHaveLength(most);
    await ask(kind, insert.replace('generate_series(1, $3::integer)', 'generate_series($3::integer, $3::integer)'), [
      service,
      environment,
      most + 1,
    ]);
    await expect(records.environment.closings.list({ service, environment })).rejects.toThrow(
      `SLIP-REC-8 there is more on record than is read at once: there are more than ${most} ${words} ${service}/${environment}`,
    );
  });

  it('is small', async () => {
    await expect(records.gateway.decisions.store(aDecision({ reason: 'x'.repeat(66_000) }))).rejects.toThrow(
      'SLIP-REC-4',
    );
  });
});

describe('holds', () => {
  const insert = `insert into slipway.lane_holds (service, environment, id, hold)
    values ($1, $2, $3, json_build_object('id', $3::text, 'by', $4::text))`;
  const put = ({ service, environment }: ReturnType<typeof aLane>, id: string, by: string | null) =>
    ask('engine', insert, [service, environment, id, by]);

  it('are of a run that was asked for, in its own lane and under its own name', async () => {
    const lane = aLane();
    const run = await aRunAskedFor(records.gateway, lane);
    for (const by of [`release/${lane.service}/production/${'a'.repeat(40)}/7`, '', null])
      await expect(put(lane, 'one', by)).rejects.toThrow('nobody has asked for');
    await expect(put(aLane(), holdIdOf(run), run)).rejects.toThrow('leaves no hold');
    await expect(put(lane, 'one', run)).rejects.toThrow('leaves no hold one');
    await put(lane, holdIdOf(run), run);
    expect((await records.gateway.closings.list(lane)).holds.map(({ by }) => by)).toEqual([run]);
  });

  it('are of no run whose name nobody could type to lift them', async () => {
    const lane = aLane();
    const [id, run] = ['a\u0001', `rollback/${lane.service}/${lane.environment}/a\u0001`];
    const order = { decision: { id, releaseId: 'x', kind: 'roll-back', run } };
    await ask('gateway', 'insert into slipway.decisions (id, release_id, signed) values ($1, $2, $3)', [
      id,
      'x',
      order,
    ]);
    await expect(put(lane, `hold-rollback-${id}`, run)).rejects.toThrow('nobody has asked for');
  });

  it.each([
    ['before all time', '-1', 'x'],
    ['later than it is', '9e15', 'x'],
    ['never', '1e400', 'x'],
    ['with a reason that no lane takes', '1', 'x'.repeat(3_000)],
  ])(
    'that say what no lane takes are in force from when they are on record, and told as far as that goes: %s',
    async (_what, from, reason) => {
      const lane = aLane();
      const by = await aRunAskedFor(records.gateway, lane);
      const put = `insert into slipway.lane_holds (service, environment, id, hold) values ($1, $2, $3, $4::json)`;
      const hold = `{"by":"${by}","reason":"${reason}","from":${from}}`;
      await ask('engine', put, [lane.service, lane.environment, holdIdOf(by), hold]);
      const [read] = (await records.engine.closings.list(lane)).holds;
      expect(read).toMatchObject({ by, from: from === '1' ? 1 : Math.floor(read!.storedAt) });
      expect(read?.reason).toBe(reason.slice(0, 1_000));
    },
  );

  it('are left once by the end of a run, whoever records it, and whatever characters its reason has', async () => {
    const lane = aLane();
    const by = await aRunAskedFor(records.gateway, lane);
    const hold = { id: holdIdOf(by), by, reason: 'halted: \0 \ud83d', from: 1 };
    for (const kind of ['engine', 'gateway', 'engine'] as const) await records[kind].closings.hold(lane, hold);
    expect((await records.environment.closings.list(lane)).holds).toMatchObject([{ reason: 'halted: \uFFFD \uFFFD' }]);
  });

  it.each([
    `release/shop/production/${'a'.repeat(40)}/1`,
    'release/shop/production/a-b/1',
    'release/shop/production/a/one',
    'release/shop/production/a/1/2',
    'release/shop/production/a',
    'rollback/shop/production/0b3c-44',
    'rollback/shop/production/a/1',
    'rollback/shop/production/',
    'lane/shop/production',
    'release/shop/production/a/1\n',
    'nothing',
  ])('have the name that the engine gives them: %s', async (run) => {
    expect(await ask('owner', 'select slipway.hold_of($1) as id', [run])).toEqual([{ id: holdIdOf(run) }]);
  });
});

describe('the newest attempts', () => {
  it('are found by an index, and not by sorting all there are', async () => {
    const rows = await ask('owner', 'explain select * from slipway.attempts order by position desc limit 1');
    const plan = rows.map((row) => row['QUERY PLAN'] as string).join('\n');
    expect(plan).toContain('attempts_in_order');
    expect(plan).not.toContain('Sort');
  });
});
