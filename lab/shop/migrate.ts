import { Socket } from 'node:net';
import { execa } from 'execa';
import pg from 'pg';
import type { Commit } from '../../domain/contract/release.ts';
import type { JobResult } from '../sandbox/options.ts';

export interface ShopMigration {
  repository: string;
  commit: Commit;
  /** `plan`, `apply` or `verify`. */
  purpose: string | undefined;
  databaseUrl: string | undefined;
  /** Ends the work: what is not committed is rolled back. */
  signal: AbortSignal;
}

interface MigrationFile {
  name: string;
  sql: string;
}

/** A limit for a server that says nothing at all; that the work takes too long is for the Job's own deadline to say. */
const connectWithinMs = 120_000;
/** `EX_UNAVAILABLE` of sysexits.h: nothing was begun, for want of the database. */
const noDatabase = 69;

/** Does what the shop's `shop-migrate <purpose>` is said to do, with the SQL files of the commit, on a real PostgreSQL. */
export async function runShopMigration(job: ShopMigration): Promise<JobResult> {
  if (!job.databaseUrl) return failed('shop-migrate: DATABASE_URL is not set');
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: job.databaseUrl,
    connectionTimeoutMillis: connectWithinMs,
    stream: () => socket,
  });
  client.on('error', () => {}); // an ended connection also fails the query that runs, and that is where it is told
  const abort = () => void socket.destroy();
  job.signal.addEventListener('abort', abort);
  try {
    const problem = await connect(client);
    if (problem !== undefined)
      return { exitCode: noDatabase, log: `shop-migrate: could not connect to its database: ${problem}\n` };
    const files = await filesAt(job.repository, job.commit);
    switch (job.purpose) {
      case 'plan':
        return { exitCode: 0, log: `${JSON.stringify(await plan(client, files))}\n` };
      case 'apply':
        return { exitCode: 0, log: await apply(client, files) };
      case 'verify':
        return await verify(client, files);
      default:
        return failed(`shop-migrate: cannot "${job.purpose ?? ''}", only plan, apply or verify`);
    }
  } catch (error) {
    return failed(`shop-migrate: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    job.signal.removeEventListener('abort', abort);
    await client.end().catch(() => {});
  }
}

/** Answers why it could not. */
function connect(client: pg.Client): Promise<string | undefined> {
  return client.connect().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** A file that the release before could not live with says so in its first line: `-- contracting`. */
async function plan(client: pg.Client, files: readonly MigrationFile[]) {
  const pending = await pendingOf(client, files);
  const contracting = pending.filter(({ sql }) => sql.startsWith('-- contracting'));
  return { pending: pending.map(({ name }) => name), contracting: contracting.map(({ name }) => name) };
}

/** Each file in a transaction of its own with its row, so that a repetition goes on where the last one ended. */
async function apply(client: pg.Client, files: readonly MigrationFile[]): Promise<string> {
  // Before the limit on locks: another one at the same work is waited for as long as it takes.
  await client.query("select pg_advisory_lock(hashtext('shop-migrate'))");
  await client.query("set lock_timeout = '5s'");
  await client.query(
    'create table if not exists shop_migrations (name text primary key, applied_at timestamptz not null default now())',
  );
  const lines: string[] = [];
  for (const { name, sql } of await pendingOf(client, files)) {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into shop_migrations (name) values ($1)', [name]);
    await client.query('commit');
    lines.push(`applied ${name}`);
  }
  return `${lines.join('\n') || 'nothing to apply'}\n`;
}

async function verify(client: pg.Client, files: readonly MigrationFile[]): Promise<JobResult> {
  const pending = await pendingOf(client, files);
  if (pending.length === 0) return { exitCode: 0, log: `all ${files.length} migrations are applied\n` };
  return failed(`shop-migrate: not applied: ${pending.map(({ name }) => name).join(', ')}`);
}

async function pendingOf(client: pg.Client, files: readonly MigrationFile[]): Promise<MigrationFile[]> {
  const table = await client.query<{ found: string | null }>("select to_regclass('shop_migrations') as found");
  if (!table.rows[0]?.found) return [...files];
  const applied = await client.query<{ name: string }>('select name from shop_migrations');
  const names = new Set(applied.rows.map(({ name }) => name));
  return files.filter(({ name }) => !names.has(name));
}

async function filesAt(repository: string, commit: Commit): Promise<MigrationFile[]> {
  const git = async (...args: string[]) => (await execa('git', ['-C', repository, ...args])).stdout;
  const paths = (await git('ls-tree', '--name-only', commit, 'core/migrations/'))
    .split('\n')
    .filter((path) => path.endsWith('.sql'));
  return Promise.all(
    paths.sort().map(async (path) => ({
      name: path.replace(/^.*\/(.*)\.sql$/, '$1'),
      sql: await git('show', `${commit}:${path}`),
    })),
  );
}

function failed(log: string): JobResult {
  return { exitCode: 1, log: `${log}\n` };
}
