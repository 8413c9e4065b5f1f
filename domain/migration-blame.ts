import { isNodesFault } from './nodes-fault.ts';

/**
 * Words that programs have for what is no release's fault: a lock that others hold, a database or network that is away, a schema that an
 * earlier migration left half done. Of PostgreSQL, MySQL and their drivers, of resolvers, and of the tools that migrate.
 */
const worldsWords = [
  // locks of databases
  /lock timeout|lock wait timeout|lock request time out|could not obtain lock|LockNotAvailable|\b55P03\b|ORA-00054/i,
  /deadlock detected|Deadlock found|deadlocked on lock/i,
  // locks of tools: Liquibase, Flyway, Rails, Prisma, golang-migrate, Knex
  /could not acquire change ?log lock|unable to (obtain|acquire) [^\n]{0,60}\block\b|ConcurrentMigrationError/i,
  /another migration process is currently running|trying to acquire a [^\n]{0,40}advisory lock|can't acquire database lock/i,
  /MigrationLocked|Migration table is already locked|Can't take lock to run migrations|acquiring database lock/i,
  // left half done by an earlier migration, of whichever release: another commit does not mend it, a person at the database does
  /Dirty database version|Detected failed migration to version|\bP3009\b/,
  // connections
  /connection refused|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|connection reset by peer|connection timed out|timeout expired/i,
  /connection to \S+ refused|ConnectionRefusedError|\bP10(00|01|02|08|17)\b|can't reach database server/i,
  /could not connect to|connection to server .* failed|can't connect to|unable to obtain connection|Timeout acquiring a connection/i,
  /could not receive data from server|SSL SYSCALL error|SSL connection has been closed unexpectedly|connection already closed/i,
  /server closed the connection|lost connection to|server has gone away|connection (was )?terminated|terminating connection/i,
  /too many connections|too many clients|remaining connection slots|connection slots are reserved|max_client_conn/i,
  // a database that starts, stops, or has changed its role
  /the database system is (starting up|shutting down|in recovery|not yet accepting)/i,
  /in a read-only transaction|running with the --(super-)?read-only option|READ_ONLY_SQL_TRANSACTION|\b25006\b/i,
  // names and ways
  /could not translate host name|name or service not known|temporary failure in name resolution|EAI_AGAIN|ENOTFOUND|no such host/i,
  /no route to host|network is unreachable|EHOSTUNREACH|ENETUNREACH|i\/o timeout|TLS handshake timeout/i,
  // room
  /no space left on device|could not extend file|disk full/i,
];

/** Errors that are the commit's own, whatever else is in the log: the statement, the data it meets, the program. */
const releasesWords = [
  /violates (unique|foreign key|not-null|check|exclusion) constraint|violates not-null|contains null values|null value in column/i,
  /duplicate (key|entry|column|table)|already exists|does not exist|doesn't exist|unknown column|no such (table|column)/i,
  /syntax error|error in your SQL syntax|permission denied for|must be owner of|cannot be cast|invalid input syntax|data too long/i,
  /value too long|out of range|division by zero|cannot be null|foreign key constraint fails|other objects depend on it/i,
  /SQLSTATE\W{1,3}(22|23|42)\w{3}\b|\b(Integrity|Programming|Data)Error\b|NotNullViolation|UniqueViolation/i,
  /\b(Type|Key|Attribute|Import|ModuleNotFound|Name|Syntax|Value|Indentation|Reference|Range|Assertion|NoMethod)Error\b/,
];

/** What a program says it has got over, or says only by the way, did not end it. */
const gotOver = [
  /\b(skipp(ing|ed)|retrying|will retry|trying again|ignor(ed|ing)|continuing|falling back)\b/i,
  /^\W{0,10}(warn(ing)?|info|notice|debug|trace)\b/i,
  /\blevel=(warn(ing)?|info|debug|trace)\b|"(level|severity|lvl)"\s?:\s?("(warn(ing)?|info|notice|debug|trace)"|[1-4]0\b)/i,
];
/** The level behind a time and the name of a thread: `2026-11-26 02:41:48 [main] WARN …`. */
const byTheWay = /\b(WARN(ING)?|INFO|NOTICE|DEBUG|TRACE)\b/;
const levelWithin = 60;

/** Lines that only say where: they are many, and no word of theirs counts. */
const frame = /^\s*at |^\s{2,}File "|^\s*\.{3} \d|^\S{1,300}:\d{1,9}:in /;

/** Programs say at the end why they end; what they have got over before is none of it. */
const lastLines = 20;
const longestLine = 4_000;

/**
 * Whether a migration that had begun ended for something that lies outside of it: by why its Job failed, and by the last error in its log. An
 * error that is the release's own beats every earlier word about a connection, and the other way round.
 */
export function isWorldsFault({ reason, log }: { reason: string; log: string }): boolean {
  if (isNodesFault(reason)) return true;
  const said = log.split('\n').filter((line) => line.trim() !== '' && !frame.test(line));
  const ends = [reason, ...said.slice(-lastLines)].map(faultOf).filter((fault) => fault !== undefined);
  return ends.at(-1) === 'world';
}

/** Whose error a line is; undefined when it is none that we know. */
function faultOf(whole: string): 'world' | 'release' | undefined {
  const line = whole.slice(0, longestLine);
  if (gotOver.some((words) => words.test(line)) || byTheWay.test(line.slice(0, levelWithin))) return undefined;
  if (worldsWords.some((words) => words.test(line))) return 'world';
  return releasesWords.some((words) => words.test(line)) ? 'release' : undefined;
}
