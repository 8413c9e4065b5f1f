import { openDatabase } from './database.ts';
import { roleOf } from './rights.ts';

/** As whom a process is at the database. */
export interface LoginLook {
  who: string;
  /** Whether each kind of process has rights of its own in this database. */
  hasRoles: boolean;
  /** Of schema slipway, or of the whole server. */
  isOwner: boolean;
  /** Those of ours that it is a member of, by name. */
  groups: string[];
}

/** Changes nothing. Throws as the records do. */
export async function lookAtLogin({ url }: { url: string }): Promise<LoginLook> {
  const database = openDatabase(url, 1);
  try {
    const [row] = await database.query<LoginLook>(
      `select current_user::text as who,
         coalesce((select has_schema_privilege(g.oid, n.oid, 'usage') from pg_roles g, pg_namespace n
           where g.rolname = $1 and n.nspname = 'slipway'), false) as "hasRoles",
         coalesce((select rolsuper from pg_roles where rolname = current_user), false)
           or coalesce((select pg_has_role(nspowner, 'member') from pg_namespace where nspname = 'slipway'), false) as "isOwner",
         array(select rolname::text from pg_roles
           where rolname ~ '^slipway_' and not rolcanlogin and pg_has_role(oid, 'member') order by 1) as groups`,
      [roleOf('engine')],
    );
    return row!;
  } finally {
    await database.close();
  }
}
