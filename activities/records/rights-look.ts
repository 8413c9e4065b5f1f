import type { Queries } from './database.ts';
import { foreignPolicies, lookAtPolicies, policiesOf } from './policies-look.ts';
import type { PoliciesSeen } from './policies-look.ts';
import { functionRights, processKinds, rights, roleOf } from './rights.ts';
import type { ProcessKind } from './rights.ts';

/** Where the database differs from the tables of rights, in words such as `insert documents.name` and `call lock(text)`. */
export interface RightsDifference {
  kind: ProcessKind;
  lacks: string[];
  hasBesides: string[];
}

interface Granted {
  role: string;
  table: string;
  column: string;
  select: boolean;
  insert: boolean;
  update: boolean;
  delete: boolean;
}

export interface RightsSeen {
  differences: RightsDifference[];
  /** Policies of rows that are about none of our processes. */
  foreign: string[];
}

/** Anybody who may log in may ask it. Groups that are not there have no rights. */
export async function lookAtRights(queries: Queries): Promise<RightsSeen> {
  const rows = await queries.query<Granted>(
    `select rolname as role, relname as table, attname as column,
       has_column_privilege(r.oid, c.oid, a.attnum, 'select') as select,
       has_column_privilege(r.oid, c.oid, a.attnum, 'insert') as insert,
       has_column_privilege(r.oid, c.oid, a.attnum, 'update') as update,
       has_table_privilege(r.oid, c.oid, 'delete, truncate, trigger, references') as delete
     from pg_roles r, pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where rolname = any($1) and c.relnamespace = to_regnamespace('slipway') and c.relkind in ('r', 'p')`,
    [processKinds.map(roleOf)],
  );
  const callable = await callableFunctions(queries);
  const policies = await lookAtPolicies(queries);
  const differences = processKinds.map((kind) => differenceOf(kind, { rows, callable, policies }));
  return { differences, foreign: foreignPolicies(policies) };
}

interface Callable {
  role: string;
  called: string;
}

/** What triggers run is nobody's to call: PostgreSQL refuses it, whatever the rights say. */
function callableFunctions(queries: Queries): Promise<Callable[]> {
  return queries.query<Callable>(
    `select rolname as role, proname || '(' || oidvectortypes(proargtypes) || ')' as called
     from pg_roles r, pg_proc p
     where rolname = any($1) and p.pronamespace = to_regnamespace('slipway') and p.prorettype <> 'trigger'::regtype
       and has_function_privilege(r.oid, p.oid, 'execute')`,
    [processKinds.map(roleOf)],
  );
}

interface Seen {
  rows: readonly Granted[];
  callable: readonly Callable[];
  policies: PoliciesSeen;
}

function differenceOf(kind: ProcessKind, { rows, callable, policies }: Seen): RightsDifference {
  const isOwn = ({ role }: { role: string }) => role === roleOf(kind);
  const calls = callable.filter(isOwn).map(({ called }) => `call ${called}`);
  const has = new Set([...rows.filter(isOwn).flatMap(wordsOf), ...calls]);
  const needs = new Set(neededBy(kind));
  const ofRows = policiesOf(kind, policies);
  return {
    kind,
    lacks: [...[...needs].filter((word) => !has.has(word)), ...ofRows.lacks],
    hasBesides: [...[...has].filter((word) => !needs.has(word)), ...ofRows.hasBesides],
  };
}

function wordsOf(row: Granted): string[] {
  const { table, column } = row;
  return [
    ...(row.select ? [`select ${table}`] : []),
    ...(row.insert ? [`insert ${table}.${column}`] : []),
    ...(row.update ? [`update ${table}.${column}`] : []),
    ...(row.delete ? [`more than rows of ${table}`] : []),
  ];
}

/** In the same words. */
function neededBy(kind: ProcessKind): string[] {
  const calls = Object.entries(functionRights).flatMap(([called, kinds]) =>
    kinds.includes(kind) ? [`call ${called}`] : [],
  );
  const tables = Object.entries(rights).flatMap(([table, { [kind]: granted }]) => {
    const { select, insert = [], update = [] } = granted ?? {};
    return [
      ...(select ? [`select ${table}`] : []),
      ...insert.map((column) => `insert ${table}.${column}`),
      ...update.map((column) => `update ${table}.${column}`),
    ];
  });
  return [...tables, ...calls];
}
