import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import type { RunningService } from '../kubernetes/processes.ts';
import {
  type Account,
  type Binaries,
  blockedAt,
  exists,
  postgresAccount,
  postgresBinaries,
} from './postgres-binaries.ts';
import { claimDirectory, endServer, endSoon, serverIn } from './postgres-owner.ts';
import { serverEnvironment, type ServerSettings, startServer } from './postgres-server.ts';

export interface PostgresOptions extends ServerSettings {
  /** Holds data, password and log; the same directory again finds the same databases. */
  directory: string;
  /** Networks (CIDR) whose clients may log in with the password, beside this machine. */
  allow?: string[];
  progress: (line: string) => void;
}

export interface Postgres {
  /** A connection URL with password: never print it. The superuser on 127.0.0.1 unless told otherwise. */
  url(database: string, as?: { user?: string; password?: string; host?: string }): string;
  port: number;
  /** Makes an empty database; one that exists is left alone. */
  createDatabase(name: string): Promise<void>;
  /** Every statement that changes something is in here: effects can be counted. */
  logFile: string;
  /** Ends the server in good order and waits until no process of it is left. May be called again. */
  stop(): Promise<void>;
}

const superuser = 'postgres';

/**
 * Starts a real PostgreSQL from npm. What a killed owner left in the directory (a server still running, a stale lock file, half an
 * initialisation) is cleared up first. Throws when a living process owns the directory, or when the server does not start.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const account = await postgresAccount();
  const blocked = await blockedAt(directory, account);
  if (blocked)
    throw new Error(
      `the account "postgres" cannot enter ${blocked}: choose a directory outside of it for PostgreSQL's data.`,
    );
  const release = await claimDirectory(directory);
  try {
    const data = join(directory, 'data');
    const orphan = await serverIn(data);
    if (orphan) await endServer(orphan);
    await rm(join(data, 'postmaster.pid'), { force: true });

    const binaries = await postgresBinaries(directory, account);
    const password = await passwordOf(directory, account);
    if (!(await exists(data))) await initialise(data, binaries, account, join(directory, 'password'), options.progress);
    await writeAccess(data, options.allow ?? []);
    const logFile = join(directory, 'postgres.log');
    const { service, port } = await startServer({ data, binaries, account, logFile, settings: options });
    options.progress(`PostgreSQL listens on 127.0.0.1:${port}`);
    return running({ service, port, password, logFile, release });
  } catch (error) {
    await release();
    throw error;
  }
}

/** One password per directory, readable by the server's account (initdb reads the file) and root alone. */
async function passwordOf(directory: string, account: Account): Promise<string> {
  const file = join(directory, 'password');
  if (!(await exists(file))) {
    await writeFile(`${file}.new`, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await giveTo(account, `${file}.new`);
    await rename(`${file}.new`, file);
  }
  return (await readFile(file, 'utf8')).trim();
}

/** Beside its place first: a data directory is either whole or not there. */
async function initialise(
  data: string,
  binaries: Binaries,
  account: Account,
  passwordFile: string,
  progress: (line: string) => void,
) {
  progress('PostgreSQL prepares its data directory');
  const fresh = `${data}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await giveTo(account, fresh);
  const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  await execa(binaries.initdb, [`--pgdata=${fresh}`, `--username=${superuser}`, `--pwfile=${passwordFile}`, ...flags], {
    ...account,
    cwd: fresh,
    env: serverEnvironment,
    extendEnv: false,
  });
  await rename(fresh, data);
}

async function giveTo(account: Account, path: string): Promise<void> {
  if (account.uid !== undefined && account.gid !== undefined) await chown(path, account.uid, account.gid);
}

async function writeAccess(data: string, allow: string[]): Promise<void> {
  const wrong = allow.find((network) => !/^[0-9a-fA-F.:]+\/\d{1,3}$/.test(network));
  if (wrong !== undefined) throw new Error(`"${wrong}" is not a network in the form 10.0.0.0/8`);
  const lines = ['127.0.0.1/32', '::1/128', ...allow].map((network) => `host all all ${network} scram-sha-256`);
  await writeFile(join(data, 'pg_hba.conf'), `${lines.join('\n')}\n`);
}

interface Running {
  service: RunningService;
  port: number;
  password: string;
  logFile: string;
  release: () => Promise<void>;
}

function running({ service, port, password, logFile, release }: Running): Postgres {
  const url: Postgres['url'] = (database, as = {}) => {
    const login = `${encodeURIComponent(as.user ?? superuser)}:${encodeURIComponent(as.password ?? password)}`;
    return `postgresql://${login}@${as.host ?? '127.0.0.1'}:${port}/${encodeURIComponent(database)}`;
  };
  const endWithOwner = () => void (service.hasLeft() || endSoon(service.pid));
  process.once('exit', endWithOwner);
  return {
    url,
    port,
    logFile,
    createDatabase: (name) => createDatabase(url('postgres'), name),
    async stop() {
      process.off('exit', endWithOwner);
      if (!service.hasLeft()) await endServer(service.pid);
      await release();
    },
  };
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    const exists = ['42P04', '23505']; // there already, or made by somebody else at this moment
    if (!(error instanceof pg.DatabaseError) || !exists.includes(error.code ?? '')) throw error;
  } finally {
    await client.end();
  }
}
