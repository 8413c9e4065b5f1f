import { describe, expect, it } from '@jest/globals';
import { isWorldsFault } from '../../domain/migration-blame.ts';

const backoff = 'BackoffLimitExceeded: Job has reached the specified backoff limit: Error';

describe('isWorldsFault', () => {
  it.each([
    'django.db.utils.OperationalError: canceling statement due to lock timeout',
    'psycopg.errors.LockNotAvailable: canceling statement due to lock timeout',
    'ERROR: could not obtain lock on relation "product"',
    'MySQLdb.OperationalError: (1205, "Lock wait timeout exceeded; try restarting transaction")',
    'ERROR: deadlock detected',
    'could not connect to server: Connection refused',
    'connection to server at "10.0.0.7", port 5432 failed: FATAL:  the database "x" is being dropped',
    'Error: connect ECONNREFUSED 10.0.0.7:5432',
    'FATAL: sorry, too many clients already',
    'FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute',
    'ERROR 1040 (HY000): Too many connections',
    'FATAL: the database system is starting up',
    'server closed the connection unexpectedly',
    'FATAL: terminating connection due to administrator command',
    'could not translate host name "db" to address: Name or service not known',
    'Temporary failure in name resolution',
    'getaddrinfo EAI_AGAIN db',
    'dial tcp: lookup db: no such host',
    'shop-migrate: timeout expired',
    'ERROR: could not extend file "base/1": No space left on device',
  ])('is told by a log that ends with `%s`', (line) => {
    const log = `Operations to perform:\n  Apply all migrations: shop\nRunning migrations:\n${line}\n\tat some place\n`;
    expect(isWorldsFault({ reason: backoff, log })).toBe(true);
  });

  it.each([
    'PodFailurePolicy: Pod shop/x has condition DisruptionTarget matching FailJob rule at index 0',
    'Unschedulable: 0/3 nodes are available',
    'ImagePullBackOff: dial tcp 10.0.0.5:5000: connect: connection refused',
  ])('is told by the reason `%s`', (reason) => {
    expect(isWorldsFault({ reason, log: '' })).toBe(true);
  });

  it.each([
    ['duplicate key value violates unique constraint "product_slug_key"'],
    ['column "weight" of relation "product" contains null values'],
    ['relation "product" does not exist'],
    ['permission denied for table product'],
    ["SET lock_timeout = '5s'; ALTER TABLE product ADD weight int; ERROR: syntax error"],
    ['canceling statement due to statement timeout'],
    [''],
  ])('is not told by `%s`', (log) => {
    expect(isWorldsFault({ reason: backoff, log })).toBe(false);
  });

  it.each([
    'ErrImagePull: manifest unknown',
    'CreateContainerConfigError: secret "migrate" not found',
    'DeadlineExceeded: Job was active longer than specified deadline',
    'BackoffLimitExceeded: Job has reached the specified backoff limit: OOMKilled',
  ])('is not told by the reason `%s`', (reason) => {
    expect(isWorldsFault({ reason, log: 'all is well\n' })).toBe(false);
  });

  it.each<[tool: string, log: string]>([
    [
      'Liquibase',
      'liquibase.exception.LockException: Could not acquire change log lock.  Currently locked by core-7 (10.0.0.7) since 11/26/26\n\tat liquibase.lockservice.StandardLockService.waitForLock(StandardLockService.java:280)\n',
    ],
    [
      'Prisma, no server',
      "Error: P1001: Can't reach database server at `db`:`5432`\n\nPlease make sure it is running.\n",
    ],
    ['Prisma, a slow server', 'Error: P1002\n\nThe database server at `db`:`5432` was reached but timed out.\n'],
    [
      'Prisma, a lock',
      'Context: Timed out trying to acquire a postgres advisory lock (SELECT pg_advisory_lock(72707369)). Elapsed: 10000ms.\n',
    ],
    ['Prisma, an earlier failure', 'Error: P3009\n\nmigrate found failed migrations in the target database\n'],
    [
      'Rails',
      "rails aborted!\nActiveRecord::ConcurrentMigrationError: \n\nCannot run migrations because another migration process is currently running.\nbin/rails:4:in `<main>'\nTasks: TOP => db:migrate\n(See full trace by running task with --trace)\n",
    ],
    ['Flyway, a table', 'ERROR: Unable to obtain lock for table "shop"."flyway_schema_history"\n'],
    ['Flyway, PostgreSQL', 'ERROR: Unable to obtain PostgreSQL advisory lock\n'],
    [
      'Flyway, no server',
      "ERROR: Unable to obtain connection from database (jdbc:postgresql://db/shop) for user 'shop': Connection to db:5432 refused.\n",
    ],
    ['golang-migrate, a lock', "error: can't acquire database lock\n"],
    // Left behind by an earlier migration: this commit has not made it, and no other mends it.
    ['golang-migrate, dirty', 'error: Dirty database version 12. Fix and force version.\n'],
    ['Knex', "Can't take lock to run migrations: Migration table is already locked\nMigrationLocked\n"],
    ['Django', 'django.db.utils.OperationalError: SSL connection has been closed unexpectedly\n'],
    [
      'Alembic after a failover',
      'sqlalchemy.exc.InternalError: (psycopg2.errors.ReadOnlySqlTransaction) cannot execute ALTER TABLE in a read-only transaction\n\n[SQL: ALTER TABLE product ADD weight int]\n(Background on this error at: https://sqlalche.me/e/20/2j85)\n',
    ],
    [
      'MySQL after a failover',
      'ERROR 1290 (HY000): The MySQL server is running with the --super-read-only option so it cannot\n',
    ],
    ['psql at a start', 'psql: error: FATAL:  the database system is starting up\n'],
    ['psql at an end', 'psql: error: FATAL:  the database system is shutting down\n'],
    [
      'psql in a transaction',
      'ERROR:  deadlock detected\nERROR:  current transaction is aborted, commands ignored until end of transaction block\n',
    ],
  ])('is told by what %s says at its end', (_tool, log) => {
    expect(isWorldsFault({ reason: backoff, log: `applying 0002_weight\n${log}` })).toBe(true);
  });

  it.each<[what: string, log: string]>([
    [
      'a connection that was not needed',
      'could not connect to redis, skipping\npsycopg.errors.NotNullViolation: column "weight" contains null values\n',
    ],
    [
      'a connection that is not needed, told last',
      'django.db.utils.IntegrityError: column "weight" contains null values\ncould not connect to redis, skipping\n',
    ],
    [
      'a connection lost in the middle',
      'OperationalError: connection refused\n  File "db.py", line 3, in connect\nTraceback (most recent call last):\nProgrammingError: relation "product" does not exist\n',
    ],
    ['a warning by level', '2026-11-26 02:41:48,123 [main] WARN connection refused\nmigration failed\n'],
    ['a warning of a structured log', '{"level":"warn","msg":"ECONNREFUSED 10.0.0.7:6379"}\nmigration failed\n'],
    ['a warning by number', '{"level":40,"msg":"ECONNREFUSED 10.0.0.7:6379"}\nmigration failed\n'],
    [
      'a bug behind a lost connection',
      "ECONNREFUSED\nTypeError: Cannot read properties of undefined (reading 'rows')\n    at main.js:3\n",
    ],
  ])('is not told by %s', (_what, log) => {
    expect(isWorldsFault({ reason: backoff, log })).toBe(false);
  });

  it('is told by the last error, when an earlier one was the release’s own and was got over', () => {
    const log =
      'NOTICE:  relation "product" already exists, skipping\nERROR:  canceling statement due to lock timeout\n';
    expect(isWorldsFault({ reason: backoff, log })).toBe(true);
  });

  it('is found behind a stack of any height', () => {
    const log = `Error: connect ECONNREFUSED 10.0.0.7:5432\n${'    at Socket.emit (node:events:518:28)\n'.repeat(60)}`;
    expect(isWorldsFault({ reason: backoff, log })).toBe(true);
  });

  it('goes by the end of a log: what a program got over is not what ended it', () => {
    const log = `Connection refused, trying again\n${'applying\n'.repeat(30)}duplicate key value\n`;
    expect(isWorldsFault({ reason: backoff, log })).toBe(false);
  });
});
