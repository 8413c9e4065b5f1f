import { rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { claimDirectory } from '../../lab/services/postgres-owner.ts';
import { startPostgres } from '../../lab/services/postgres.ts';

export const prefix = 'slipway-test-postgres-';

/** A new directory that the server's own account can enter. */
export async function postgresDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), prefix));
  await chmod(directory, 0o755);
  return directory;
}

/** To copy data that nobody has used takes a tenth of what it takes to make them. */
const variable = 'SLIPWAY_TEST_POSTGRES';

/** Makes them, for all test files that this process starts. They are gone with it. */
export async function preparePostgres(): Promise<void> {
  const directory = await postgresDirectory();
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const server = await startPostgres({ directory, durable: false, progress: () => {} });
  await server.stop();
  await claimDirectory(directory);
  process.env[variable] = directory;
}

/** Nothing where none were made: a server makes its own. */
export async function copyPrepared(directory: string): Promise<void> {
  const prepared = process.env[variable];
  if (prepared) await execa('cp', ['-a', join(prepared, 'data'), join(prepared, 'password'), directory]);
}
