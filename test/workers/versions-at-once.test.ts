import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger } from '@temporalio/worker';
import { listVersions, readRouting } from '../../client/versions.ts';
import { deploymentName } from '../../domain/contract/names.ts';
import { judgeVersions } from '../../domain/engine-versions.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { AuditedIn } from '../../workers/interceptors.ts';
import { makeFirstCurrent } from '../../workers/make-current.ts';
import { installRuntime } from '../../workers/metrics.ts';
import { setUpTemporal } from '../../workers/setup.ts';
import { followStanding } from '../../workers/standing.ts';
import { eventually } from '../workflows/support/eventually.ts';
import { startVersionedServer } from '../workflows/support/versions.ts';
import type { VersionedServer } from '../workflows/support/versions.ts';

describe('versions that are started at once', () => {
  let server: VersionedServer;
  const ids = ['one', 'two', 'three'];
  beforeAll(async () => {
    installRuntime({}, { logger: new DefaultLogger('ERROR') });
    server = await startVersionedServer();
    for (const buildId of ids) await server.start(buildId);
  }, 120_000);
  afterAll(() => server?.stop(), 60_000);
  const current = async () => (await readRouting(server.client))?.current;
  const first = (buildId: string) => makeFirstCurrent(server.client, { buildId });
  const unset = () =>
    server.client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: 'default',
      deploymentName,
      buildId: '',
      identity: 'a person',
    });

  it('have one current version between them, which none of them changes later', async () => {
    await eventually('all to be known', async () => (await listVersions(server.client)).length === ids.length);
    expect(judgeVersions(await listVersions(server.client))).toEqual([
      expect.objectContaining({ ok: false, next: expect.stringContaining('`slipway setup --make-current one`') }),
    ]);
    await Promise.all([...ids, ...ids].map(first));
    const chosen = await current();
    expect(ids).toContain(chosen);
    await Promise.all(ids.map(first));
    expect(await current()).toBe(chosen);
  });

  it('say which of them is current, and how to go over to another', async () => {
    const chosen = await current();
    const other = ids.find((id) => id !== chosen)!;
    const standing = (buildId: string) => aStanding(server.client, buildId).look();
    expect((await standing(chosen!)).engine).toEqual({ version: chosen, current: 'yes' });
    expect((await standing(other)).engine).toEqual({
      version: other,
      current: 'no',
      says: `what is new begins on ${chosen}. To go over to it: slipway setup --make-current ${other}`,
    });
    const untried = (await listVersions(server.client)).filter((version) => version.untried);
    expect(untried.map(({ buildId }) => buildId).sort()).toEqual(ids.filter((id) => id !== chosen).sort());
  });

  it('leave it at that when a person has decided that none be current', async () => {
    await unset();
    await Promise.all(ids.map(first));
    expect(await current()).toBeUndefined();
    expect((await server.engine.noneCurrent())?.polled.sort()).toEqual([...ids].sort());
    const { address } = (server.client.connection as Connection).options;
    const setUp = await setUpTemporal({ temporal: { address, namespace: 'default' } }, { makeCurrent: 'two' });
    expect(setUp.map(({ says }) => says)).toContain('version two of the engine is current; no run is on another');
    expect(await current()).toBe('two');
  });
});

describe('a worker that asks a Temporal that is away', () => {
  it('says so, and that nobody can see whether its version is current', async () => {
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    const standing = aStanding(new Client({ connection }), 'one');
    expect(await standing.look()).toEqual({
      temporal: expect.stringMatching(/^(Temporal (cannot be reached|has not answered in time)|no answer in 0.4 s)$/),
      records: 'ok',
      engine: { version: 'one', current: 'unseen' },
    });
    await standing.close();
    await connection.close();
    expect((await standing.look()).temporal).toBe('not asked any more');
  });

  it('says of the records what is wrong, without their address', async () => {
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    const away = () => Promise.reject(failure('SLIP-REC-1', 'connect ECONNREFUSED db.test:5432'));
    const standing = followStanding({ client: new Client({ connection }), records: recordsThat(away) });
    expect((await standing.look()).records).toBe(`SLIP-REC-1 ${failure('SLIP-REC-1', '').details.title}`);
    await standing.close();
    await connection.close();
  });
});

function aStanding(client: Client, buildId: string) {
  return followStanding({ client, buildId, records: recordsThat(() => Promise.resolve([])) });
}

function recordsThat(list: AuditedIn['attempts']['list']): AuditedIn {
  return { attempts: { list }, audit: { append: () => Promise.resolve() } };
}
