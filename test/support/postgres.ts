import { afterAll, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Postgres, startPostgres } from '../../lab/services/postgres.ts';
import { endServer, ownerOf, serverIn } from '../../lab/services/postgres-owner.ts';
import { copyPrepared, postgresDirectory, prefix } from './postgres-data.ts';

export interface TestPostgres {
  /** A connection URL to a database that nobody has used. */
  freshDatabase(): Promise<string>;
  server(): Postgres;
}

/** Ends and removes what test runs that were killed have left. */
async function clearUp(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const directory of names.map((name) => join(tmpdir(), name))) {
    const owner = await ownerOf(directory);
    if (!owner || owner.alive) continue; // not claimed yet, or at work
    const server = await serverIn(join(directory, 'data'));
    if (server) await endServer(server);
    await rm(directory, { recursive: true, force: true });
  }
}

/** One PostgreSQL server for the test file, started before its first test and gone, with its data, after the last. */
export function usePostgres(): TestPostgres {
  let running: { server: Postgres; directory: string } | undefined;
  beforeAll(async () => {
    await clearUp();
    const directory = await postgresDirectory();
    await copyPrepared(directory);
    running = { directory, server: await startPostgres({ directory, durable: false, progress: () => {} }) };
  });
  afterAll(async () => {
    await running?.server.stop();
    if (running) await rm(running.directory, { recursive: true, force: true });
  });
  const server = () => {
    if (!running) throw new Error('the server runs inside tests only');
    return running.server;
  };
  return {
    server,
    async freshDatabase() {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await server().createDatabase(name);
      return server().url(name);
    },
  };
}
