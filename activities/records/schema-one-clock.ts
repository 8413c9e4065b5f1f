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

/** Since when a plan is before people counts for who may approve it (domain/approval-course.ts): it is in force since then by that clock, too. */
export const plannedByOneClock = `
  -- A plan that is made again as it was keeps its time, and any other begins now, of releases that somebody has asked for. Older programs say
  -- no time.
  create function slipway.stamp_planned() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    known json := (select document from slipway.documents where (release_id, name) = (new.release_id, new.name));
    since bigint := floor(extract(epoch from clock_timestamp()) * 1000);
  begin
    if not pg_has_role(session_user, (select relowner from pg_class where oid = tg_relid), 'member') then
      perform slipway.refuse_unasked(new.release_id);
      if known ->> 'hash' = new.document ->> 'hash' and json_typeof(known -> 'since') = 'number' then
        since := floor((known ->> 'since')::numeric);
      end if;
      new.document := jsonb_set(new.document::jsonb, '{since}', to_jsonb(since))::json;
    end if;
    return new;
  end $$;
  create trigger stamped before insert or update on slipway.documents for each row
    when (new.name = 'planned' and new.document -> 'since' is not null)
    execute function slipway.stamp_planned();

  revoke all on all functions in schema slipway from public;
`;
