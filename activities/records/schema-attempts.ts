/**
 * Attempts of a commit are numbered one by one, and named by what they are of, also by whoever has the gateway's login without its key: none takes a
 * number or a name that an honest one will need, and what was asked can be compared. The owner of the tables is not asked. `SLP01` becomes
 * SLIP-REC-2.
 */
export const attemptsByNumber = `
  create function slipway.guard_attempt() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    next integer;
  begin
    if slipway.login_kind() = '' then
      return new;
    end if;
    next := coalesce((select max(attempt) from slipway.attempts
      where (service, environment, commit) = (new.service, new.environment, new.commit)), 0) + 1;
    if (new.attempt, new.release_id) is distinct from
      (next, concat_ws('/', 'release', new.service, new.environment, new.commit, next)) or jsonb_typeof(new.request::jsonb) <> 'object' then
      raise exception 'the next attempt of % in %/% is %', new.commit, new.service, new.environment, next using errcode = 'SLP01';
    end if;
    return new;
  end $$;
  -- After own_names.
  create trigger own_number before insert on slipway.attempts for each row execute function slipway.guard_attempt();

  revoke all on all functions in schema slipway from public;
`;
