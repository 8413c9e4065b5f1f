import { outcomeOfLost } from '../../domain/outcomes.ts';

/** Kinds of processes, each of which may log in to the records with a role of its own. */
export const processKinds = ['gateway', 'engine', 'environment', 'build'] as const;
export type ProcessKind = (typeof processKinds)[number];

/**
 * `insert` and `update`: these columns alone, as whoever may change or delete whole rows may lock the table, too. What the database numbers
 * or stamps itself is in no list, so that nobody chooses it.
 */
export interface TableRights {
  select?: true;
  insert?: readonly string[];
  update?: readonly string[];
}

const select = true;
const conclude = ['outcome', 'summary', 'ended_at'] as const;
const auditing: TableRights = {
  select,
  insert: ['lane', 'n', 'key', 'entry', 'previous', 'hash'],
};
const keeping: TableRights = { select, insert: ['release_id', 'name', 'document'], update: ['document'] };
const everybody = (rights: TableRights) => ({ gateway: rights, engine: rights, environment: rights, build: rights });

/**
 * Who may do what to each table of schema `slipway`: what its own code does, and nothing else. A table that is not here is nobody's. Read by
 * the statements below, and by the tests that try everything that is not in it.
 */
export const rights: Record<string, Partial<Record<ProcessKind, TableRights>>> = {
  schema_steps: everybody({ select }),
  attempts: {
    gateway: {
      select,
      insert: [
        ...['release_id', 'service', 'environment', 'commit', 'attempt', 'request_key', 'request', 'signed_request'],
        'started_at',
      ],
      update: conclude,
    },
    engine: { select, update: conclude },
    environment: { select },
    build: { select },
  },
  request_keys: { gateway: { select, insert: ['service', 'environment', 'request_key', 'release_id', 'asked'] } },
  decisions: {
    gateway: { select, insert: ['id', 'release_id', 'signed'], update: ['refused'] },
    engine: { select },
    environment: { select },
  },
  used_approvals: {
    gateway: { select },
    engine: { select, insert: ['decision_id', 'release_id', 'plan_hash', 'used_at'] },
  },
  // Written by steps that look: none does yet.
  breaches: { gateway: { select }, engine: { select }, environment: { select } },
  // Nobody may raise a row to `proven`: that is left to a step that watches for longer, with a right of its own. There is none yet.
  inventory: {
    gateway: { select },
    engine: {
      select,
      insert: [
        ...['service', 'environment', 'region', 'component', 'release_id', 'image', 'commit', 'plan_hash'],
        ...['verified_at', 'state', 'artifact_kind', 'artifact_digest', 'unseen'],
      ],
    },
    // Of a run that has not ended, what it has put back itself: see the guard of the table.
    environment: { select, update: ['state', 'revoked_because'] },
  },
  schema_changes: {
    gateway: { select },
    engine: { select },
    environment: {
      select,
      insert: ['service', 'environment', 'database', 'release_id', 'pending', 'contracting', 'changed_at'],
    },
  },
  touched: {
    gateway: { select },
    engine: { select, update: ['run_id'] },
    environment: { select, insert: ['workflow_id', 'run_id', 'what', 'first_at'], update: ['what'] },
  },
  // A change of a region: how it has ended is said once, and when is for the database to say.
  changes: {
    gateway: { select },
    engine: { select },
    environment: {
      select,
      insert: ['workflow_id', 'service', 'environment', 'region', 'component', 'purpose', 'artifact'],
      update: ['done'],
    },
  },
  // That they have ended; what a run begins meets its row by a trigger.
  runs: {
    gateway: { select, insert: ['workflow_id', 'ended'], update: ['ended'] },
    engine: { select, insert: ['workflow_id', 'ended'], update: ['ended'] },
  },
  lane_runs: {
    gateway: { select },
    engine: { select, insert: ['service', 'environment', 'run_id', 'incarnation'] },
  },
  lanes: {
    gateway: { select },
    engine: {
      select,
      insert: ['service', 'environment', 'incarnation', 'sequence', 'run_id', 'holder', 'waiting'],
      update: ['incarnation', 'sequence', 'run_id', 'holder', 'waiting', 'held_since', 'granted'],
    },
    environment: { select },
  },
  // Of older engines: nobody uses it any more.
  lane_closures: {},
  // Only the gateway holds the key that orders are signed with; the end of a run is recorded by either.
  lane_orders: {
    gateway: { select, insert: ['id', 'service', 'environment', 'signed'] },
    engine: { select },
    environment: { select },
  },
  lane_holds: {
    gateway: { select, insert: ['service', 'environment', 'id', 'hold'] },
    engine: { select, insert: ['service', 'environment', 'id', 'hold'] },
    environment: { select },
  },
  plans: {
    gateway: { select },
    engine: { select, insert: ['plan_hash', 'plan'] },
    environment: { select },
  },
  documents: everybody(keeping),
  audit: everybody(auditing),
  audit_ends: everybody({ select }),
  // By a function, which gives nobody the lock of another kind.
  locks: {},
  service_tokens: { gateway: { select, insert: ['hash', 'name', 'signed'], update: ['revoked_by'] } },
  // By functions: nobody makes one young again, or lists those that there are.
  sessions: {},
  // By a function, so that nobody makes a used one good again.
  used_credentials: {},
  // By triggers: what each kind has added to what is read at once.
  written: {},
  // By a function: nobody takes back what was seen.
  slack_requests: {},
  slack_pictures: {
    gateway: {
      select,
      insert: ['run', 'channel', 'taken_by', 'taken_until'],
      update: ['picture', 'taken_by', 'taken_until', 'kept_at'],
    },
  },
  installation: { gateway: { select } },
  chain_ends: { gateway: { select, insert: ['n', 'signed'] } },
  shipments: { gateway: { select, insert: ['destination', 'n', 'receipt'], update: ['n', 'receipt'] } },
  // The words are the engine's, of what is on record, and nobody changes them. Whoever is at the gateway says at most that one goes again.
  outbox: {
    gateway: { select },
    engine: {
      select,
      insert: ['key', 'target', 'run', 'thread', 'event', 'level', 'title', 'facts'],
      update: ['state', 'tries', 'next_at', 'why'],
    },
  },
};

/**
 * Functions of schema `slipway` that a process calls, or that the database calls in its name. Others run by triggers alone, and nobody may call
 * them.
 */
export const functionRights: Record<string, readonly ProcessKind[]> = {
  'lock(text)': processKinds,
  'serves(text)': processKinds,
  'under_way(text, text, text)': processKinds,
  'is_plain(text)': processKinds,
  'is_request(text, json)': processKinds,
  'use_credential(text, text, timestamp with time zone)': ['gateway'],
  'begin_session(text, json)': ['gateway'],
  'find_session(text, boolean)': ['gateway'],
  'end_session(text)': ['gateway'],
  'is_first_request(text)': ['gateway'],
  'drop_picture(text, text)': ['gateway'],
  'forget_pictures()': ['gateway'],
  'take_back_undone(text, text, text)': ['engine', 'gateway'],
  'touch(text, text, text, bigint, json)': ['environment'],
  'refuse_stale(text, json)': ['environment'],
  'begin_change(text, text, text, bigint, text, text, text, text, text, text, json)': ['environment'],
  'take_back(text, text, text, text)': ['environment'],
  'send_again(bigint)': ['gateway'],
  'forget_messages(interval, integer)': ['engine'],
};

/** Which documents of a release a process may write, by their names. All may read all of them. */
const documentNames: Record<ProcessKind, RegExp> = {
  gateway: /^result$/,
  engine: /^(read|build-inputs|planned|proceeds|result|report)$|^way-back-/,
  environment: /^(places$|(migrations|migration|seen|back|turn|going-back)-)/,
  build: /^((image|gate)-|tests$)/,
};

/** A group: whoever logs in as a process of that kind is made a member of it. */
export function roleOf(kind: ProcessKind): string {
  return `slipway_${kind}`;
}

/** Makes the groups, where they are missing. They belong to the whole server. */
export function roleStatements(): string[] {
  return processKinds.map(
    (kind) => `do $$ begin
      if not exists (select from pg_roles where rolname = '${roleOf(kind)}') then create role ${roleOf(kind)} nologin; end if;
    end $$`,
  );
}

/** Gives each group its rights in this database, and takes away what it had besides. May be repeated. */
export function grantStatements(): string[] {
  const all = processKinds.map(roleOf).join(', ');
  return [
    `revoke all on all tables in schema slipway from public, ${all}`,
    `revoke all on all functions in schema slipway from public, ${all}`,
    `grant usage on schema slipway to ${all}`,
    ...Object.entries(functionRights).map(
      ([called, kinds]) => `grant execute on function slipway.${called} to ${kinds.map(roleOf).join(', ')}`,
    ),
    ...Object.entries(rights).flatMap(([table, of]) =>
      Object.entries(of).flatMap(([kind, granted]) => grantsOf(table, roleOf(kind as ProcessKind), granted)),
    ),
    ...policyStatements(),
    ...nothingBeside(),
  ];
}

function grantsOf(table: string, role: string, { select: reads, insert, update }: TableRights): string[] {
  const words = [
    ...(reads ? ['select'] : []),
    ...(insert ? [`insert (${insert.join(', ')})`] : []),
    ...(update ? [`update (${update.join(', ')})`] : []),
  ];
  return [`grant ${words.join(', ')} on slipway.${table} to ${role}`];
}

/** Whose rows of a table a kind of process reads or writes. */
export interface RowPolicy {
  table: string;
  name: string;
  command: 'select' | 'insert' | 'update';
  to: readonly ProcessKind[];
  using?: string;
  check?: string;
}

/**
 * Rows of one table have several writers. Whose a document is, its name says; which environment's a row is, the lane in it. Who is member of
 * `slipway_environment_<name>` writes for that environment alone. The owner of a table is not asked.
 */
export const rowPolicies: readonly RowPolicy[] = [
  ...anybodyReads('documents', 'attempts', 'touched', 'changes', 'inventory', 'schema_changes'),
  ...processKinds.flatMap((kind): RowPolicy[] => {
    const own = ownDocuments(kind);
    return [
      { table: 'documents', name: `${kind}_adds`, command: 'insert', to: [kind], check: own },
      { table: 'documents', name: `${kind}_replaces`, command: 'update', to: [kind], using: own, check: own },
    ];
  }),
  ...of('attempts', 'gateway', {
    gateway_adds: { command: 'insert', check: 'outcome is null' },
    gateway_concludes: { command: 'update', using: 'true', check: `outcome = '${outcomeOfLost}'` },
  }),
  ...of('attempts', 'engine', { engine_concludes: { command: 'update', using: 'true' } }),
  ...of('touched', 'engine', { engine_hands_over: { command: 'update', using: 'true', check: 'true' } }),
  ...of('touched', 'environment', {
    environment_adds: { command: 'insert', check: servesThirdOf('workflow_id') },
    environment_continues: { command: 'update', using: servesThirdOf('workflow_id') },
  }),
  ...of('changes', 'environment', {
    environment_begins: { command: 'insert', check: 'slipway.serves(environment)' },
    environment_ends: { command: 'update', using: 'slipway.serves(environment)' },
  }),
  ...of('inventory', 'engine', { engine_adds: { command: 'insert', check: 'true' } }),
  ...of('inventory', 'environment', {
    environment_takes_back: { command: 'update', using: 'slipway.serves(environment)' },
  }),
  ...of('schema_changes', 'environment', {
    environment_adds: { command: 'insert', check: 'slipway.serves(environment)' },
  }),
];

/** `<kind>/<service>/<environment>/…` */
function servesThirdOf(id: string): string {
  return `slipway.serves(split_part(${id}, '/', 3))`;
}

function ownDocuments(kind: ProcessKind): string {
  const named = `name ~ '${documentNames[kind].source}'`;
  const beside: Partial<Record<ProcessKind, string>> = {
    environment: servesThirdOf('release_id'),
    // All that it says of how a run has ended: whoever could have said more is gone.
    gateway: `document ->> 'outcome' = '${outcomeOfLost}'`,
  };
  return beside[kind] === undefined ? named : `${named} and ${beside[kind]}`;
}

function anybodyReads(...tables: string[]): RowPolicy[] {
  return tables.map((table) => ({ table, name: 'anybody_reads', command: 'select', to: processKinds, using: 'true' }));
}

function of(
  table: string,
  kind: ProcessKind,
  named: Record<string, Pick<RowPolicy, 'command' | 'using' | 'check'>>,
): RowPolicy[] {
  return Object.entries(named).map(([name, policy]) => ({ table, name, to: [kind], ...policy }));
}

/**
 * Whether a row `policy` of `pg_policies` is asked about what somebody in the group `group` does, as PostgreSQL asks: it counts for whoever is
 * in a role that it names, so that naming a login of ours is enough, or a role of others that one of ours is in. Who may do everything anyway
 * is asked by none.
 */
export function isAskedOf(group: string): string {
  return `('public' = any(policy.roles) or exists (
    select from pg_roles member, pg_roles named
    where pg_has_role(member.oid, ${group}, 'usage') and not member.rolsuper and not member.rolbypassrls
      and not pg_has_role(member.oid, (select nspowner from pg_namespace where nspname = 'slipway'), 'member')
      and named.rolname = any(policy.roles) and pg_has_role(member.oid, named.oid, 'usage')))`;
}

/** What else was made by hand for our groups, or for everybody, is taken away, as rights are; what others have is theirs. */
function policyStatements(): string[] {
  const tables = [...new Set(rowPolicies.map(({ table }) => table))];
  const known = rowPolicies.map(({ table, name }) => `'${table} ${name}'`).join(', ');
  const ours = processKinds.map((kind) => `'${roleOf(kind)}'`).join(', ');
  return [
    ...tables.map((table) => `alter table slipway.${table} enable row level security`),
    `do $$ declare other record; begin
      for other in select tablename, policyname from pg_policies policy
        where schemaname = 'slipway' and tablename || ' ' || policyname not in (${known})
          and exists (select from pg_roles ours where ours.rolname in (${ours}) and ${isAskedOf('ours.oid')}) loop
        execute format('drop policy %I on slipway.%I', other.policyname, other.tablename);
      end loop;
    end $$`,
    ...rowPolicies.flatMap(({ table, name, command, to, using, check }) => {
      const rows = [
        ...(using === undefined ? [] : [`using (${using})`]),
        ...(check === undefined ? [] : [`with check (${check})`]),
      ];
      return [
        `drop policy if exists ${name} on slipway.${table}`,
        `create policy ${name} on slipway.${table} for ${command} to ${to.map(roleOf).join(', ')} ${rows.join(' ')}`,
      ];
    }),
  ];
}

/** What everybody may do in a database of PostgreSQL's, and no process of ours does: it takes disk that nobody counts. */
function nothingBeside(): string[] {
  return [
    `do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$`,
    // Only a superuser may.
    `do $$ begin
      revoke execute on function pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) from public;
    exception when insufficient_privilege then null;
    end $$`,
  ];
}
