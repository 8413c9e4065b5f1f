import pg from 'pg';
import { Failure } from '../../domain/errors/failure.ts';

/** How long somebody waits, ms. */
export interface Limits {
  /** A statement, for its end: the server keeps it, and says so. */
  statementMs: number;
  /**
   * Whoever has sent a statement, for an answer: from then on the connection counts as lost. A little more, and less than the 20 s that a step
   * has (workflows/steps.ts): it is done on another connection.
   */
  answerMs: number;
}

export const usualLimits: Limits = { statementMs: 15_000, answerMs: 17_000 };

/** A small pool of connections that does without those that have gone silent. */
export interface Connections {
  /** `lose`: called with what went wrong when nobody may have this connection any more. */
  lend<Result>(work: (client: pg.PoolClient, lose: (why: unknown) => void) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** What the driver says when it has waited long enough. It leaves the connection as it is, with the statement still under way. */
export function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** It has ended, or nobody can tell what has become of what was asked on it. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|57P0)/.test(error.code ?? '');
  if (isSilence(error)) return true;
  return (
    !(error instanceof Failure) && /^Connection terminated|ECONNRESET|EPIPE|not queryable/.test(connectionWords(error))
  );
}

/** Node gives several addresses' errors as one AggregateError without a message. */
export function connectionWords(error: unknown): string {
  const { errors, message } = error as { errors?: unknown[]; message?: string };
  return errors ? errors.map(connectionWords).join('; ') : (message ?? String(error));
}

export function openConnections(url: string, max: number, { statementMs }: Limits): Connections {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'slipway-records',
    // Of a machine that is gone nobody hears; the system would begin to ask after two hours.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 15_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementMs,
    lock_timeout: 10_000,
    // A worker that stopped in the middle of a transaction (a paused machine) must not keep a lane locked.
    idle_in_transaction_session_timeout: 30_000,
    types: { getTypeParser },
  });
  const open = new Set<pg.PoolClient>();
  const doubted = new WeakSet<pg.PoolClient>();
  // A connection that breaks while nobody waits for an answer is reported here, and would end the process without a listener.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    open.add(client);
  });
  pool.on('remove', (client) => open.delete(client));

  /** What takes one connection away takes those beside it: each would cost the next who asks the same wait, or the only second try. */
  async function connect(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await pool.connect();
      if (!doubted.has(client)) return client;
      destroy(client);
    }
  }

  return {
    async lend(work) {
      const client = await connect();
      let isLost = false;
      const lose = (why: unknown) => {
        isLost = true;
        if (isConnectionLost(why)) for (const one of open) doubted.add(one);
      };
      try {
        const result = await work(client, lose);
        // It has answered since.
        doubted.delete(client);
        return result;
      } catch (error) {
        if (isConnectionLost(error)) lose(error);
        throw error;
      } finally {
        if (isLost) destroy(client);
        else client.release();
      }
    },
    close: () => pool.end(),
  };
}

/** Without the farewell that the driver would send, and wait for the answer to. */
function destroy(client: pg.PoolClient): void {
  (client as unknown as Pick<pg.Client, 'connection'>).connection.stream.destroy();
  client.release(true);
}

/** Milliseconds and counts are whole numbers that JavaScript holds exactly; the driver would give them as text. */
const int8 = 20;
function getTypeParser(type: number): (text: string) => unknown {
  return type === int8 ? Number : (pg.types.getTypeParser(type) as (text: string) => unknown);
}
