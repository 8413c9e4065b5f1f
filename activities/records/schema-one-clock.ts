/** What is held against when something was verified has that clock, whoever writes: a trigger, as in schema-own-words.ts. */
export const oneClock = `
  -- Rows from before keep the time that a worker has given them.
  create function slipway.stamp_schema_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if not pg_has_role(session_user, (select relowner from pg_class where oid = tg_relid), 'member') then
      new.changed_at := floor(extract(epoch from clock_timestamp()) * 1000);
    end if;
    return new;
  end $$;
  create trigger stamped before insert on slipway.schema_changes for each row execute function slipway.stamp_schema_change();

  revoke all on all functions in schema slipway from public;
`;
