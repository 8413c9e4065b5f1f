import pg from 'pg';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import {
  type Connections,
  connectionWords,
  isConnectionLost,
  isSilence,
  type Limits,
  openConnections,
  usualLimits,
} from './connections.ts';

/** Something that answers a statement: the pool, or one connection inside a transaction. */
export interface Queries {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
}

export interface Database extends Queries {
  /** All or nothing. May run `work` a second time when the connection is lost: everything in here is safe to repeat. */
  transaction<Result>(
    work: (queries: Queries) => Promise<Result>,
    options?: {
      /** Each statement may take as long as the server lets it. */ unhurried?: boolean;
    },
  ): Promise<Result>;
  close(): Promise<void>;
}

/** Every failure leaves as SLIP-REC-…, without the statement's values. */
export function openDatabase(url: string, maxConnections: number, limits: Limits = usualLimits): Database {
  const connections = openConnections(url, maxConnections, limits);
  const { answerMs } = limits;
  const guarded = guardedAs(URL.parse(url)?.username ?? '');
  return {
    query: (text, values) =>
      guarded(() => connections.lend((client) => rowsOf(client, { text, values, query_timeout: answerMs }))),
    transaction: (work, { unhurried = false } = {}) =>
      guarded(() => inTransaction(connections, unhurried ? undefined : answerMs, work)),
    close: () => connections.close(),
  };
}

/**
 * One of several at once goes on, the others wait, until the transaction ends: of those with a login of the same kind. Answers that kind;
 * empty where all have one login.
 */
export async function lock(queries: Queries, name: string): Promise<string> {
  const [taken] = await queries.query<{ kind: string }>('select slipway.lock($1) as kind', [name]);
  return taken?.kind ?? '';
}

/** Text columns cannot hold NUL, which logs of crashed programs do, nor is half of a character read from JSON. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** `query_timeout`: how long the driver waits for an answer, ms; for ever where there is none. Its types do not know of it. */
interface Statement {
  text: string;
  values?: unknown[] | undefined;
  query_timeout: number | undefined;
}

async function rowsOf<Row extends pg.QueryResultRow>(client: pg.PoolClient, statement: Statement): Promise<Row[]> {
  const { rows } = await client.query<Row>(statement as pg.QueryConfig);
  return rows;
}

function inTransaction<Result>(
  connections: Connections,
  query_timeout: number | undefined,
  work: (queries: Queries) => Promise<Result>,
): Promise<Result> {
  return connections.lend(async (client, lose) => {
    const say = (text: string) => rowsOf(client, { text, query_timeout });
    try {
      await say('begin');
      const result = await work({ query: (text, values) => rowsOf(client, { text, values, query_timeout }) });
      await say('commit');
      return result;
    } catch (error) {
      // Behind a statement that is never answered it would wait as long again. The server undoes what is not committed by itself.
      if (!isSilence(error)) await say('rollback').catch(lose);
      throw error;
    }
  });
}

/** A connection lost on the way is tried once more at once: the pool may have held one that the server had closed. */
function guardedAs(login: string) {
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (!isConnectionLost(error)) throw asFailure(error, login);
    }
    return work().catch((error: unknown) => {
      throw asFailure(error, login);
    });
  };
}

/**
 * SQLSTATE classes that time, or an operator at the database, puts right: connection (08), conflict between transactions (40), resources (53), locks (55), intervention (57), read-only standby (25), system (58, XX).
 */
const passing = /^(08|25|40|53|55|57|58|XX)/;

/** Of a user or a password that is not right (28), or was changed, and of a database that is not there (3D). Tried again, as an operator may mend it. */
const refusedLogin = /^(28|3D)/;

/** Of the schema's own triggers. */
const contradiction = 'SLP01';
const unseen = 'SLP02';
const over = 'SLP03';
const stale = 'SLP04';
const withoutEnd = 'SLP05';
/** Of PostgreSQL's own, and of its row policies. */
const noRight = '42501';
/** Of a check, which the schema has of sizes (schema-bounds.ts). */
const tooMuch = '23514';

function asFailure(error: unknown, login: string): Error {
  if (error instanceof Failure || isMistake(error)) return error;
  if (error instanceof pg.DatabaseError) {
    const detail = `${error.code ?? 'no code'}: ${error.message}`;
    if (error.code === contradiction) return failure('SLIP-REC-2', error.message);
    if (error.code === tooMuch && error.constraint?.startsWith('most_')) return failure('SLIP-REC-4', error.message);
    if (error.code === unseen) return failure('SLIP-REL-12', error.message);
    if (error.code === over) return failure('SLIP-REL-10', error.message);
    if (error.code === withoutEnd) return failure('SLIP-REC-8', error.message);
    if (error.code === stale) return failure('SLIP-REL-14', error.message);
    if (error.code === noRight) return failure('SLIP-REC-11', `${detail}, as ${login}`);
    if (refusedLogin.test(error.code ?? '')) return failure('SLIP-REC-10', detail);
    return failure(passing.test(error.code ?? '') ? 'SLIP-REC-1' : 'SLIP-REC-5', detail);
  }
  return failure('SLIP-REC-1', connectionWords(error));
}

/** An error of the program itself says nothing about the database. */
function isMistake(error: unknown): error is Error {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}
