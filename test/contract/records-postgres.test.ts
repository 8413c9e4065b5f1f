import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import type { TakenRequest } from '../../domain/contract/requests.ts';
import { usePostgres } from '../support/postgres.ts';
import { triedAgain } from '../support/tried-again.ts';
import { anAuditEntry, aRequest, aVerifiedRelease } from './records-builders.ts';
import { describeRecords } from './records.suite.ts';

const postgres = usePostgres();

describeRecords('PostgreSQL', async () => {
  const url = await postgres.freshDatabase();
  const [records, elsewhere] = [await createPostgresRecords({ url }), await createPostgresRecords({ url })];
  return {
    records,
    elsewhere,
    tearDown: async () => {
      await Promise.all([records.close(), elsewhere.close()]);
    },
  };
});

describe('PostgreSQL records', () => {
  let url: string;
  let records: Records;
  const ends: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    url = await postgres.freshDatabase();
    records = await createPostgresRecords({ url });
    ends.push(() => records.close());
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  /** One statement of somebody who is allowed everything. */
  async function byHand(statement: string, values: unknown[] = []): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(statement, values).finally(() => client.end());
  }

  async function aChainOfThree(): Promise<string> {
    const { lane } = anAuditEntry();
    for (const what of ['first', 'second', 'third']) await records.audit.append(anAuditEntry({ lane, what }));
    await byHand('alter table slipway.audit disable trigger append_only');
    return lane;
  }

  it('goes on after all connections were cut between two calls', async () => {
    const { attempt } = await records.attempts.open(aRequest(), { requestKey: 'one', fresh: false });
    await byHand(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'slipway-records'`);
    expect(await records.attempts.find(attempt.releaseId)).toEqual(attempt);
  });

  it('does each thing once although connections are cut all the while', async () => {
    const request = aRequest();
    const { lane } = anAuditEntry();
    const entries = Array.from({ length: 20 }, () => anAuditEntry({ lane }));
    const works: Promise<unknown>[] = entries.map((entry) => triedAgain(() => records.audit.append(entry)));
    works.push(triedAgain(() => records.attempts.open(request, { requestKey: 'one', fresh: true })));
    for (let cuts = 0; cuts < 5; cuts += 1) {
      await byHand(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'slipway-records'`);
    }
    await Promise.all(works);
    expect((await records.audit.list(lane, 100)).map(({ key }) => key).sort()).toEqual(
      entries.map(({ key }) => key).sort(),
    );
    expect(await records.audit.firstBroken(lane)).toBeUndefined();
    expect(await records.attempts.list({ service: request.service, limit: 10 })).toHaveLength(1);
  });

  it('makes the schema once when several processes start at the same moment', async () => {
    const empty = await postgres.freshDatabase();
    const all = await Promise.all(
      Array.from({ length: 4 }, () => createPostgresRecords({ url: empty, maxConnections: 1 })),
    );
    ends.push(...all.map((one) => () => one.close()));
    const opened = await Promise.all(all.map((one) => one.attempts.list({ limit: 1 })));
    expect(opened).toEqual([[], [], [], []]);
  });

  it('keeps what the gateway has signed beside a request, and tells what was taken before the first signature', async () => {
    const sign = (taken: TakenRequest) => ({ taken, keyId: 'key', signature: 'c2ln' });
    const open = (options: Partial<Parameters<Records['attempts']['open']>[1]>) =>
      records.attempts.open(aRequest(), { requestKey: 'one', fresh: true, ...options }).then(({ attempt }) => attempt);
    const [before, signed, after] = [await open({}), await open({ sign }), await open({})];
    const { releaseId, requestKey, request } = signed;
    expect(signed.signed).toEqual(sign({ releaseId, requestKey, request }));
    const found = await Promise.all([before, signed, after].map((one) => records.attempts.find(one.releaseId)));
    expect(found).toEqual([before, signed, after]);
    expect(found.map((one) => one?.beforeSigning)).toEqual([true, undefined, undefined]);
  });

  it('reads what an older version wrote about an image as that image', async () => {
    const row = aVerifiedRelease();
    await records.inventory.record([row]);
    await byHand('update slipway.inventory set artifact_kind = default, artifact_digest = default');
    expect(await records.inventory.current(row)).toEqual([row]);
    await records.inventory.record([row]);
  });

  it('finds a row of the audit that was changed', async () => {
    const lane = await aChainOfThree();
    await byHand(
      `update slipway.audit set entry = '{"at":1,"what":"nothing","who":"nobody","facts":{}}' where lane = $1 and n = 2`,
      [lane],
    );
    expect(await records.audit.firstBroken(lane)).toMatchObject({ n: 2, what: 'nothing' });
  });

  it('finds a row of the audit that was emptied', async () => {
    const lane = await aChainOfThree();
    await byHand(`update slipway.audit set entry = 'null' where lane = $1 and n = 1`, [lane]);
    expect(await records.audit.firstBroken(lane)).toMatchObject({ n: 1 });
  });

  it('finds where a row of the audit was removed', async () => {
    const lane = await aChainOfThree();
    await byHand('delete from slipway.audit where lane = $1 and n = 2', [lane]);
    expect(await records.audit.firstBroken(lane)).toMatchObject({ n: 3, what: 'third' });
  });

  it.each([
    ['the last row', 'n = 3', { n: 3, what: 'rows 3 to 3 were removed' }],
    ['all rows', 'n > 0', { n: 1, what: 'rows 1 to 3 were removed' }],
  ])('notices that %s of the audit was removed', async (_, which, found) => {
    const lane = await aChainOfThree();
    await byHand(`delete from slipway.audit where lane = $1 and ${which}`, [lane]);
    expect(await records.audit.firstBroken(lane)).toMatchObject(found);
  });

  it.each(['update slipway.audit set key = key', 'delete from slipway.audit', 'truncate slipway.audit'])(
    'has the database refuse "%s"',
    async (statement) => {
      await records.audit.append(anAuditEntry());
      await expect(byHand(statement)).rejects.toThrow('only ever added');
    },
  );

  it('says in a retryable failure, without the password, that the database cannot be reached', async () => {
    const nobody = new URL(url);
    nobody.port = '1';
    const error: unknown = await createPostgresRecords({ url: nobody.href }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ details: { code: 'SLIP-REC-1', kind: 'retryable' } });
    expect(JSON.stringify(error)).not.toContain(nobody.password);
  });

  it.each([
    ['the password is no longer right', { password: 'other' }],
    ['there is no such user', { username: 'nobody' }],
    ['there is no such database', { pathname: '/elsewhere' }],
  ])('waits for an operator, and does not give up, when %s: it was reached', async (_when, change) => {
    const wrong = Object.assign(new URL(url), change);
    const details = { code: 'SLIP-REC-10', kind: 'retryable', blame: 'operator' };
    await expect(createPostgresRecords({ url: wrong.href })).rejects.toMatchObject({ details });
  });

  it('writes each effect into the log of the server, where it can be counted', async () => {
    const entry = anAuditEntry();
    await records.audit.append(entry);
    await records.audit.append(entry);
    const log = await readFile(postgres.server().logFile, 'utf8');
    const inserts = log
      .split('\n')
      .filter((line) => line.includes(`'${entry.key}'`) && line.includes(`'${entry.lane}'`));
    expect(inserts).toHaveLength(1);
  });
});
