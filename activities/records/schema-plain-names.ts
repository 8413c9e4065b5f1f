/**
 * What people ask for is on record under names that are shown, typed and sent by every program that reads them: letters, digits and a few signs.
 * Under another name there is no attempt, and nobody has asked for a run of it: nothing changes by it, and it leaves no hold that nobody could lift.
 * And a request says of what it is in the same words as its row. The owner of the tables is not asked. `SLP01` becomes SLIP-REC-2.
 */
export const plainNames = `
  create function slipway.is_plain(name text) returns boolean language sql immutable set search_path = pg_catalog, pg_temp as $$
    select coalesce(name ~ '^[A-Za-z0-9_.:/@+-]+$' and length(name) <= 1000, false)
  $$;

  create or replace function slipway.refuse_unasked(of_run text) returns void language plpgsql stable set search_path = pg_catalog, pg_temp as $$
  begin
    if slipway.login_kind() <> '' and not (slipway.is_plain(of_run) and slipway.is_asked_for(of_run)) then
      raise exception 'nobody has asked for %', of_run using errcode = 'SLP01';
    end if;
  end $$;

  -- As far as it is compared, listed and told: of rows of before, too, which may have any form.
  create function slipway.is_request(release_id text, request json) returns boolean language sql immutable
    set search_path = pg_catalog, pg_temp as $$
    select slipway.is_plain(release_id) and json_typeof(request) = 'object' and coalesce(
      json_typeof(request -> 'requestedBy' -> 'id') = 'string' and json_typeof(request -> 'images') = 'object'
      and json_typeof(request -> 'attempt') = 'number'
      and (select bool_and(coalesce(json_typeof(request -> field), '') = 'string')
        from unnest('{service,environment,repository,branch,commit}'::text[]) field), false)
  $$;

  -- Together with guard_attempt, which has their number and their name.
  create function slipway.guard_request() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    asked jsonb := new.request;
  begin
    if slipway.login_kind() = '' then
      return new;
    end if;
    if (slipway.is_request(new.release_id, new.request)
      and (asked ->> 'service', asked ->> 'environment', asked ->> 'commit', asked -> 'attempt')
        = (new.service, new.environment, new.commit, to_jsonb(new.attempt))) is not true then
      raise exception 'what % asks for is not its own request', new.release_id using errcode = 'SLP01';
    end if;
    return new;
  end $$;
  -- After own_number.
  create trigger own_request before insert on slipway.attempts for each row execute function slipway.guard_request();

  revoke all on all functions in schema slipway from public;
`;
