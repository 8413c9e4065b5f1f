import type { Queries } from './database.ts';
import { processKinds, roleOf } from './rights.ts';

/** A login that is a member of a group. */
export interface Login {
  name: string;
  /** How many connections it may have; undefined where there is no limit. */
  connections?: number;
}

/** Not the owner's own, who is a member of what he has made. */
const isLogin = `rolcanlogin and not rolsuper
  and not pg_has_role(pg_roles.oid, (select nspowner from pg_namespace where nspname = 'slipway'), 'member')`;

/** Gives logins their share of the server's connections, and answers what each may have. */
export async function limitLogins(queries: Queries): Promise<Login[]> {
  await queries.query(limitStatement());
  const rows = await queries.query<{ name: string; connections: number }>(
    `select rolname as name, rolconnlimit as connections from pg_roles
     where ${isLogin} and exists (select from unnest($1::text[]) kind where pg_has_role(pg_roles.oid, kind, 'member'))
     order by 1`,
    [processKinds.map(roleOf)],
  );
  return rows.map(({ name, connections }) => ({ name, ...(connections >= 0 && { connections }) }));
}

/**
 * So many connections may a login have that is a member of a group, where its maker has said nothing: the groups share what the server has,
 * and the logins of a group what it has. Never less than four processes take, of which old and new stand side by side in an upgrade. Logins that are not the owner's to change are left as they are.
 */
function limitStatement(): string {
  return `do $$ declare
    share integer := greatest(1, (current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer)
      / ${processKinds.length + 1});
    login record;
  begin
    for login in
      select rolname, rolconnlimit, greatest(20, share / count(*) over (partition by kind))::integer as most
      from unnest(array[${processKinds.map((kind) => `'${roleOf(kind)}'`).join(', ')}]) kind
      join pg_roles on ${isLogin} and pg_has_role(pg_roles.oid, kind, 'member')
    loop
      continue when login.rolconnlimit <> -1;
      begin
        execute format('alter role %I connection limit %s', login.rolname, login.most);
      exception when insufficient_privilege then null;
      end;
    end loop;
  end $$`;
}
