import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type Postgres, startPostgres } from '../../lab/services/postgres.ts';
import { postgresDirectory } from '../support/postgres-data.ts';

describe('the embedded PostgreSQL', () => {
  let directory: string;
  const running: Postgres[] = [];

  /** One directory for all tests: it must serve after anything that happened to it. */
  beforeAll(async () => {
    directory = await postgresDirectory();
  });
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop();
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function start(options: Partial<Parameters<typeof startPostgres>[0]> = {}): Promise<Postgres> {
    const server = await startPostgres({ directory, durable: false, progress: () => {}, ...options });
    running.push(server);
    return server;
  }

  async function ask<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    return client
      .query<Row>(statement)
      .then(({ rows }) => rows)
      .finally(() => client.end());
  }

  /** Processes that work in the data directory, as every process of a server does. */
  async function processes(): Promise<string[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
    return pids.filter((_, position) => places[position]?.startsWith(directory));
  }

  it('finds its databases again after a stop, and leaves no process behind', async () => {
    const first = await start();
    await first.createDatabase('shop');
    await first.createDatabase('shop');
    await ask(first.url('shop'), 'create table kept as select 1 as n');
    expect(await processes()).not.toEqual([]);
    await first.stop();
    await first.stop();
    expect(await processes()).toEqual([]);
    const second = await start();
    expect(await ask(second.url('shop'), 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('starts again after its owner was killed, and ends the server that the owner left', async () => {
    const program = `
      const { startPostgres } = await import(${JSON.stringify(new URL('../../lab/services/postgres.ts', import.meta.url).href)});
      const server = await startPostgres({ directory: ${JSON.stringify(directory)}, durable: false, progress: () => {} });
      await server.createDatabase('shop');
      process.kill(process.pid, 'SIGKILL');`;
    const owner = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], { stdio: 'ignore' });
    expect(await once(owner, 'exit')).toEqual([null, 'SIGKILL']);
    const left = await processes();
    expect(left).not.toEqual([]);
    const server = await start();
    expect(await ask(server.url('shop'), 'select 1 as n')).toEqual([{ n: 1 }]);
    expect((await processes()).filter((pid) => left.includes(pid))).toEqual([]);
  });

  it('recovers when the server itself was killed', async () => {
    const first = await start();
    await first.createDatabase('shop');
    const pid = Number((await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await first.stop();
    const second = await start({ port: first.port });
    expect(second.port).toBe(first.port);
    expect(await ask(second.url('shop'), 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('is not stopped by a stale lock file that names a process of somebody else', async () => {
    await (await start()).stop();
    await writeFile(join(directory, 'data', 'postmaster.pid'), `${process.pid}\n`);
    expect(await ask((await start()).url('postgres'), 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('begins anew when it was killed while it prepared its data', async () => {
    await (await start()).stop();
    await rm(join(directory, 'data'), { recursive: true });
    await writeFile(join(directory, 'data.new'), 'half');
    expect(await ask((await start()).url('postgres'), 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('refuses a directory that a living process uses, and leaves its server alone', async () => {
    const server = await start();
    await expect(start()).rejects.toThrow(`process ${process.pid} uses ${directory}`);
    expect(await ask(server.url('postgres'), 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('says what the server said when it cannot start', async () => {
    const server = await start();
    const other = await postgresDirectory();
    await expect(start({ directory: other, port: server.port })).rejects.toThrow('Address already in use');
    await rm(other, { recursive: true });
  });

  it('lets nobody in without the password, which only its owner may read', async () => {
    const server = await start();
    const password = await readFile(join(directory, 'password'), 'utf8');
    expect((await stat(join(directory, 'password'))).mode & 0o777).toBe(0o600);
    expect(server.url('postgres')).toContain(password);
    await expect(ask(server.url('postgres', { password: 'guess' }), 'select 1')).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('listens where it is told and lets in the networks it is told, and no others', async () => {
    const server = await start({ listen: ['127.0.0.1', '127.0.0.2'], allow: ['10.244.0.0/16'] });
    expect(await ask(server.url('postgres', { host: '127.0.0.2' }), 'select 1 as n')).toEqual([{ n: 1 }]);
    const rules = await ask<{ address: string }>(server.url('postgres'), 'select address from pg_hba_file_rules');
    expect(rules.map(({ address }) => address)).toEqual(['127.0.0.1', '::1', '10.244.0.0']);
  });

  it('refuses a network that is none', async () => {
    await expect(start({ allow: ['all'] })).rejects.toThrow('"all" is not a network');
  });

  it('writes statements that change something into its log, and no others', async () => {
    const server = await start();
    await ask(server.url('postgres'), 'create table effects as select 1 as n');
    await ask(server.url('postgres'), 'select n from effects');
    const log = await readFile(server.logFile, 'utf8');
    expect(log).toContain('create table effects');
    expect(log).not.toContain('select n from effects');
  });
});
