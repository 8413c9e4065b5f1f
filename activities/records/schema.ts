import { failure } from '../../domain/errors/catalogue.ts';
import { type Database, type Queries } from './database.ts';
import { limitLogins, type Login } from './logins.ts';
import { grantStatements, roleOf, roleStatements } from './rights.ts';
import { ownLocks, sizes } from './schema-bounds.ts';
import { begun } from './schema-begun.ts';
import { guards, keysByWriter, seenBeforeVerified } from './schema-guards.ts';
import { ownNames } from './schema-own-names.ts';
import { oneClock, plannedByOneClock } from './schema-one-clock.ts';
import { ownWords } from './schema-own-words.ts';
import { attemptsInOrder, smallColumns, sums } from './schema-sums.ts';
import { knownRuns, smallDocuments } from './schema-known-runs.ts';
import { mostPlaces } from './schema-places.ts';
import { usedCredentials } from './schema-credentials.ts';
import { serviceTokens } from './schema-service-tokens.ts';
import { overview } from './schema-overview.ts';
import { sessions } from './schema-sessions.ts';
import { forgottenMessages, outbox, outboxInThreads } from './schema-outbox.ts';
import { ordersBack } from './schema-orders-back.ts';
import { plainNames } from './schema-plain-names.ts';
import { receipts } from './schema-receipts.ts';
import { statements } from './schema-statements.ts';
import { holdsOfRuns } from './schema-holds.ts';
import { attemptsByNumber } from './schema-attempts.ts';
import { incarnations } from './schema-incarnations.ts';
import { refused } from './schema-refused.ts';
import { slack } from './schema-slack.ts';
import { testedBeforeVerified } from './schema-tested.ts';
import { changesOfRegions, endedRuns, plansOfRuns } from './schema-runs.ts';

/**
 * Numbered steps, each applied once, in order. A step that was released is never edited: later versions add steps, and only such that
 * an older program can live with, as both run side by side during an upgrade of the engine.
 * Documents are `json`, not `jsonb`: it keeps the text that was hashed, and accepts the escaped NUL that logs contain.
 */
const steps: readonly string[] = [
  `
  create table slipway.attempts (
    release_id text primary key,
    service text not null,
    environment text not null,
    commit text not null,
    attempt integer not null,
    request_key text not null,
    request json not null,
    outcome text,
    summary text,
    started_at bigint not null,
    ended_at bigint,
    position bigint generated always as identity,
    unique (service, environment, commit, attempt)
  );
  create index attempts_newest on slipway.attempts (service, environment, position desc);

  create table slipway.request_keys (
    service text not null,
    environment text not null,
    request_key text not null,
    release_id text not null references slipway.attempts,
    asked text not null,
    primary key (service, environment, request_key)
  );

  create table slipway.decisions (
    id text primary key,
    release_id text not null,
    signed json not null,
    position bigint generated always as identity
  );
  create index decisions_of_release on slipway.decisions (release_id, position);

  create table slipway.used_approvals (
    decision_id text primary key references slipway.decisions,
    release_id text not null,
    plan_hash text not null,
    used_at bigint not null
  );

  create table slipway.inventory (
    service text not null,
    environment text not null,
    region text not null,
    component text not null,
    release_id text not null,
    image text not null,
    commit text not null,
    plan_hash text not null,
    verified_at bigint not null,
    state text not null check (state in ('verified', 'proven', 'revoked')),
    revoked_because text,
    position bigint generated always as identity,
    primary key (service, environment, region, component, release_id)
  );
  create index inventory_newest on slipway.inventory (service, environment, region, component, verified_at desc, position desc);
  create index inventory_of_release on slipway.inventory (release_id);

  create table slipway.lane_runs (
    service text not null,
    environment text not null,
    run_id text not null,
    incarnation integer not null,
    primary key (service, environment, run_id),
    unique (service, environment, incarnation)
  );
  create table slipway.lanes (
    service text not null,
    environment text not null,
    hold json,
    frozen json,
    holder json,
    primary key (service, environment)
  );

  create table slipway.plans (
    plan_hash text primary key,
    plan json not null
  );
  create table slipway.documents (
    release_id text not null,
    name text not null,
    document json not null,
    primary key (release_id, name)
  );

  create table slipway.audit (
    lane text not null,
    n integer not null,
    key text not null,
    entry json not null,
    previous text not null,
    hash text not null,
    primary key (lane, n),
    unique (lane, key)
  );
  create table slipway.audit_ends (
    lane text primary key,
    n integer not null,
    hash text not null
  );
  create function slipway.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'rows of slipway.audit are only ever added';
  end $$;
  create trigger append_only before update or delete or truncate on slipway.audit
    for each statement execute function slipway.refuse_change();
  `,
  `
  create table slipway.schema_changes (
    service text not null,
    environment text not null,
    database text not null,
    release_id text not null,
    pending json not null,
    contracting json not null,
    changed_at bigint not null,
    position bigint generated always as identity,
    primary key (service, environment, database, release_id)
  );
  `,
  // An older program beside this one says nothing about them: what it writes is an image, whose digest is in its name.
  `
  alter table slipway.inventory
    add column artifact_kind text not null default 'deployment-image',
    add column artifact_digest text;
  `,
  // The columns hold and frozen of slipway.lanes are not used any more: their content is rows here.
  `
  alter table slipway.lanes
    add column incarnation integer not null default 0,
    add column sequence bigint not null default 0,
    add column run_id text not null default '',
    add column waiting json not null default '[]';
  create table slipway.lane_closures (
    service text not null,
    environment text not null,
    id text not null,
    kind text not null check (kind in ('hold', 'freeze', 'window')),
    closure json not null,
    position integer not null,
    primary key (service, environment, id)
  );
  `,
  `
  create table slipway.touched (
    workflow_id text primary key,
    run_id text not null,
    what text[] not null,
    first_at bigint not null
  );
  `,
  `
  create table slipway.breaches (
    id text primary key,
    release_id text not null,
    breach json not null,
    position bigint generated always as identity
  );
  `,
  // An older program beside this one says nothing about it: as before, what it writes counts as seen.
  `
  alter table slipway.inventory add column unseen boolean not null default false;
  `,
  // Which of two came first is told by one clock, whoever wrote them.
  `
  alter table slipway.decisions
    add column stored_at timestamptz not null default clock_timestamp(),
    add column refused text;
  alter table slipway.touched add column began_at timestamptz not null default clock_timestamp();
  update slipway.touched set began_at = to_timestamp(first_at / 1000.0);
  update slipway.decisions set stored_at = to_timestamp((signed -> 'decision' ->> 'decidedAt')::float8 / 1000);
  `,
  // What closes a lane is what people have signed and runs have ended with. slipway.lane_closures, what a lane says of it, is not used any more.
  `
  create table slipway.lane_orders (
    id text primary key,
    service text not null,
    environment text not null,
    signed json not null,
    stored_at timestamptz not null default clock_timestamp(),
    position bigint generated always as identity
  );
  create index lane_orders_of_lane on slipway.lane_orders (service, environment, position);
  create table slipway.lane_holds (
    service text not null,
    environment text not null,
    id text not null,
    hold json not null,
    stored_at timestamptz not null default clock_timestamp(),
    primary key (service, environment, id)
  );
  insert into slipway.lane_holds (service, environment, id, hold)
    select service, environment, id, json_build_object(
      'id', id, 'by', closure ->> 'by', 'reason', closure ->> 'reason', 'from', (closure ->> 'from')::bigint)
    from slipway.lane_closures where kind = 'hold';
  alter table slipway.lanes add column held_since timestamptz not null default clock_timestamp();
  `,
  // An older gateway beside this one signs none.
  `
  alter table slipway.attempts add column signed_request json;
  create index attempts_signed on slipway.attempts (position) where signed_request is not null;
  `,
  guards,
  keysByWriter,
  seenBeforeVerified,
  // What was seen and chosen counts for a ticket: none is given out twice.
  `
  alter table slipway.lanes add column granted integer not null default 0;
  `,
  ownLocks,
  sizes,
  endedRuns,
  plansOfRuns,
  changesOfRegions,
  begun,
  ownWords,
  refused,
  ownNames,
  oneClock,
  attemptsInOrder,
  sums,
  smallColumns,
  mostPlaces,
  knownRuns,
  smallDocuments,
  receipts,
  statements,
  holdsOfRuns,
  incarnations,
  attemptsByNumber,
  plainNames,
  ordersBack,
  testedBeforeVerified,
  usedCredentials,
  serviceTokens,
  outbox,
  slack,
  outboxInThreads,
  plannedByOneClock,
  sessions,
  forgottenMessages,
  overview,
];

/**
 * Brings the schema up to date. Several processes may do so at once: one works, the others wait and find it done. Where processes have roles
 * of their own, only its owner can: for all others it must be done (SLIP-REC-7).
 */
export async function migrate(database: Database): Promise<void> {
  // Without the lock, which anybody may hold: a process that has nothing to do here starts all the same.
  if (((await appliedSteps(database)) ?? 0) >= steps.length) return;
  await database.transaction(addMissing, { unhurried: true });
}

async function addMissing(queries: Queries): Promise<void> {
  await requireOwner(queries);
  await queries.query(`set local lock_timeout = '60s'`);
  // A step may rewrite a table that has grown for years: nobody waits longer for a lock, and nobody counts its own time.
  await queries.query('set local statement_timeout = 0');
  await lockSchema(queries);
  const done = await appliedSteps(queries);
  if (done === undefined) {
    await queries.query('create schema if not exists slipway');
    await queries.query(
      'create table slipway.schema_steps (n integer primary key, applied_at timestamptz not null default now())',
    );
  }
  const missing = [...steps.entries()].slice(done ?? 0);
  for (const [position, step] of missing) {
    await queries.query(step);
    await queries.query('insert into slipway.schema_steps (n) values ($1)', [position + 1]);
  }
  // New tables have no rights yet.
  if (missing.length > 0 && (await hasRoles(queries))) await grant(queries);
}

/** Makes a role for each kind of process, with exactly the rights that it needs. Answers which logins there are. Throws SLIP-REC-7 for whoever may not. */
export async function separateRoles(database: Database): Promise<Login[]> {
  return database.transaction(async (queries) => {
    await requireOwner(queries);
    await lockSchema(queries);
    for (const statement of roleStatements()) await queries.query(statement);
    await grant(queries);
    return limitLogins(queries);
  });
}

/** How the schema is to this program, and who asks. */
export interface SchemaLook {
  who: string;
  isOwner: boolean;
  age: 'absent' | 'older' | 'as wanted' | 'newer';
  /** Each kind of process has a role of its own. */
  hasRoles: boolean;
}

/** Changes nothing. */
export async function lookAtSchema(queries: Queries): Promise<SchemaLook> {
  const [asked] = await queries.query<{ who: string; owns: boolean | null }>(
    `select current_user as who, (select pg_has_role(nspowner, 'member') from pg_namespace where nspname = 'slipway') as owns`,
  );
  const done = await appliedSteps(queries);
  const known = { who: asked?.who ?? '', isOwner: asked?.owns ?? false };
  if (done === undefined) return { ...known, age: 'absent', hasRoles: false };
  const age = done < steps.length ? 'older' : done > steps.length ? 'newer' : 'as wanted';
  return { ...known, age, hasRoles: await hasRoles(queries) };
}

/** There is no table to lock a row of before the first step. */
async function lockSchema(queries: Queries): Promise<void> {
  await queries.query(`select pg_advisory_xact_lock(hashtextextended('slipway/schema', 0))`);
}

/** Undefined where nothing was ever made. */
async function appliedSteps(queries: Queries): Promise<number | undefined> {
  const [there] = await queries.query<{ steps: string | null }>(
    `select to_regclass('slipway.schema_steps')::text as steps`,
  );
  if (!there?.steps) return undefined;
  const [done] = await queries.query<{ n: number }>('select coalesce(max(n), 0) as n from slipway.schema_steps');
  return done?.n ?? 0;
}

async function grant(queries: Queries): Promise<void> {
  for (const statement of grantStatements()) await queries.query(statement);
}

/** In this database: roles belong to the whole server. */
async function hasRoles(queries: Queries): Promise<boolean> {
  const [found] = await queries.query<{ has: boolean }>(
    `select coalesce(bool_or(has_schema_privilege(oid, 'slipway', 'usage')), false) as has from pg_roles where rolname = $1`,
    [roleOf('engine')],
  );
  return found?.has ?? false;
}

/** Before anything is tried: what a process may not do is told as what it is. */
async function requireOwner(queries: Queries): Promise<void> {
  const [may] = await queries.query<{ may: boolean; who: string }>(
    `select current_user as who, coalesce(
       (select pg_has_role(nspowner, 'member') from pg_namespace where nspname = 'slipway'),
       has_database_privilege(current_database(), 'create')
     ) as may`,
  );
  if (!may?.may) throw failure('SLIP-REC-7', `${may?.who ?? 'nobody'} does not own schema slipway`);
}
