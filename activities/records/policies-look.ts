import type { Queries } from './database.ts';
import { isAskedOf, processKinds, roleOf, rowPolicies } from './rights.ts';
import type { ProcessKind, RowPolicy } from './rights.ts';

/** As PostgreSQL says it. */
interface Found {
  table: string;
  name: string;
  roles: string[];
  /** The groups of ours whose rows it is about: they, or somebody in them, are in a role that it names. */
  groups: string[];
  command: string;
  isPermissive: boolean;
  using: string | null;
  check: string | null;
}

export interface PoliciesSeen {
  found: Found[];
  /** Tables of which every row is everybody's, whatever the policies say. */
  open: string[];
}

/** Anybody who may log in may ask it. */
export async function lookAtPolicies(queries: Queries): Promise<PoliciesSeen> {
  const found = await queries.query<Found>(
    `select tablename as table, policyname as name, roles::text[] as roles, cmd as command, permissive = 'PERMISSIVE' as "isPermissive",
       qual as using, with_check as check,
       array(select rolname::text from pg_roles ours where rolname = any($1) and ${isAskedOf('ours.oid')}) as groups
     from pg_policies policy where schemaname = 'slipway' order by tablename, policyname`,
    [processKinds.map(roleOf)],
  );
  const open = await queries.query<{ table: string }>(
    `select relname as table from pg_class
     where relnamespace = to_regnamespace('slipway') and relkind in ('r', 'p') and not relrowsecurity and relname = any($1)`,
    [[...new Set(rowPolicies.map(({ table }) => table))]],
  );
  return { found, open: open.map(({ table }) => table) };
}

/** Which policies this kind lacks, as this version writes them, and which it has besides. */
export function policiesOf(
  kind: ProcessKind,
  { found, open }: PoliciesSeen,
): { lacks: string[]; hasBesides: string[] } {
  const wanted = rowPolicies.filter(({ to }) => to.includes(kind));
  const isIts = ({ roles }: Found) => roles.includes(roleOf(kind)) || roles.includes('public');
  const lacks = wanted.filter((policy) => !found.some((one) => isIts(one) && isSame(one, policy)));
  // What this version has for another kind is asked of this one, too, where a login is in both groups: that is for whoever made it so.
  const isOurs = (one: Found) =>
    rowPolicies.some((policy) => isSame(one, policy) && sameNames(one.roles, policy.to.map(roleOf)));
  const others = found.filter(
    (one) => one.groups.includes(roleOf(kind)) && !wanted.some((policy) => isNamed(one, policy)) && !isOurs(one),
  );
  return {
    lacks: lacks.map(({ table, name }) => `policy ${name} of ${table} as this version has it`),
    hasBesides: [
      ...others.map(({ table, name }) => `what policy ${name} of ${table} lets it`),
      ...open.map((table) => `read and write every row of ${table}, as row-level security is off`),
    ],
  };
}

/** Policies for others than our processes, such as `own of inventory`: whoever has made them looks after them. */
export function foreignPolicies({ found }: PoliciesSeen): string[] {
  return found.filter(({ groups }) => groups.length === 0).map(({ table, name }) => `${name} of ${table}`);
}

function sameNames(one: readonly string[], another: readonly string[]): boolean {
  return one.length === another.length && one.every((name) => another.includes(name));
}

function isNamed(found: Found, { table, name }: RowPolicy): boolean {
  return found.table === table && found.name === name;
}

function isSame(found: Found, wanted: RowPolicy): boolean {
  return (
    isNamed(found, wanted) &&
    found.isPermissive &&
    found.command.toLowerCase() === wanted.command &&
    plain(found.using ?? '') === plain(wanted.using ?? '') &&
    plain(found.check ?? '') === plain(wanted.check ?? '')
  );
}

/**
 * PostgreSQL writes an expression in its own way: with parentheses, types of texts, and names of schemas. None of ours has an `or`, so that
 * parentheses say nothing.
 */
function plain(expression: string): string {
  return expression
    .split(/('(?:[^']|'')*')/)
    .map((part, n) =>
      n % 2 === 1
        ? part
        : part
            .toLowerCase()
            .replaceAll('::text', '')
            .replaceAll('slipway.', '')
            .replaceAll(/[\s()]/g, ''),
    )
    .join('');
}
