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

  it('goes by the end of a log: what a program got over is not what ended it', () => {
    const log = `Connection refused, trying again\n${'applying\n'.repeat(30)}duplicate key value\n`;
    expect(isWorldsFault({ reason: backoff, log })).toBe(false);
  });
});
