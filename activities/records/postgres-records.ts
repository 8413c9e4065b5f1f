import { postgresAttempts } from './attempts.ts';
import { postgresAudit } from './audit.ts';
import { addingChainEnds } from './chain-ends.ts';
import { postgresChanges } from './changes.ts';
import { postgresClock } from './clock.ts';
import { postgresBreaches } from './breaches.ts';
import type { Limits } from './connections.ts';
import { openDatabase } from './database.ts';
import { postgresCredentials } from './credentials.ts';
import { postgresDecisions } from './decisions.ts';
import { postgresInventory } from './inventory.ts';
import { postgresLaneClosings } from './lane-closings.ts';
import { postgresLaneRecords } from './lane-records.ts';
import { postgresLanesAtOnce } from './lanes-at-once.ts';
import type { Login } from './logins.ts';
import { postgresOutbox } from './outbox.ts';
import { postgresPlans } from './plans.ts';
import type { Records } from './port.ts';
import { postgresSchemaChanges } from './schema-changes.ts';
import { postgresServiceTokens } from './service-tokens.ts';
import { postgresSessions } from './sessions.ts';
import { postgresTouched } from './touched.ts';
import { lookAtRights } from './rights-look.ts';
import type { RightsSeen } from './rights-look.ts';
import { lookAtSchema, migrate, separateRoles } from './schema.ts';
import type { SchemaLook } from './schema.ts';
import { shippingChainEnds } from './shipments.ts';
import { postgresSlack } from './slack.ts';

/** Beside the others, and opened by whoever sends evidence alone: one for each destination that has not answered yet. */
const mostShippingConnections = 20;

/**
 * Records in PostgreSQL 14 or newer, in the schema `slipway` of the database that `url` names; brings that schema up to date first.
 * `maxConnections` is per process, 5 by default. Throws SLIP-REC-1 (retryable) when the database cannot be reached, SLIP-REC-10 where it does not take the login.
 */
export async function createPostgresRecords(options: {
  url: string;
  maxConnections?: number;
  limits?: Limits;
}): Promise<Records> {
  const database = openDatabase(options.url, options.maxConnections ?? 5, options.limits);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  const shipping = openDatabase(options.url, mostShippingConnections, options.limits);
  return {
    attempts: postgresAttempts(database),
    decisions: postgresDecisions(database),
    breaches: postgresBreaches(database),
    inventory: postgresInventory(database),
    schema: postgresSchemaChanges(database),
    touched: postgresTouched(database),
    changes: postgresChanges(database),
    lanes: postgresLaneRecords(database),
    closings: postgresLaneClosings(database),
    lanesAtOnce: postgresLanesAtOnce(database),
    plans: postgresPlans(database),
    audit: postgresAudit(database),
    chainEnds: { add: addingChainEnds(database), shipNext: shippingChainEnds(shipping) },
    credentials: postgresCredentials(database),
    tokens: postgresServiceTokens(database),
    sessions: postgresSessions(database),
    outbox: postgresOutbox(database),
    slack: postgresSlack(database),
    clock: postgresClock(database),
    close: async () => void (await Promise.all([database.close(), shipping.close()])),
  };
}

/** How the records are prepared. Of rights nothing where one role is for all, or nothing is there yet. */
export interface RecordsLook extends SchemaLook, RightsSeen {}

/** Looks at how the records are prepared, and changes nothing. Throws as the records do. */
export async function lookAtPostgresRecords(options: { url: string }): Promise<RecordsLook> {
  const database = openDatabase(options.url, 1);
  try {
    const schema = await lookAtSchema(database);
    return { ...schema, ...(schema.hasRoles ? await lookAtRights(database) : { differences: [], foreign: [] }) };
  } finally {
    await database.close();
  }
}

/** Prepares the records as their owner: the schema, and a role for each kind of process. May be repeated. */
export async function preparePostgresRecords(options: { url: string }): Promise<Login[]> {
  const database = openDatabase(options.url, 1);
  try {
    await migrate(database);
    return await separateRoles(database);
  } finally {
    await database.close();
  }
}
