/** Lanes begin one by one, also for whoever has an engine's login: none takes the last number there is. The owner of the tables is not asked. `SLP01` becomes SLIP-REC-2. */
export const incarnations = `
  create function slipway.guard_lane_run() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    next integer := coalesce(
      (select max(incarnation) from slipway.lane_runs where (service, environment) = (new.service, new.environment)), 0) + 1;
  begin
    if slipway.login_kind() <> '' and new.incarnation <> next then
      raise exception 'lane %/% begins as %', new.service, new.environment, next using errcode = 'SLP01';
    end if;
    return new;
  end $$;
  create trigger numbered before insert on slipway.lane_runs for each row execute function slipway.guard_lane_run();

  revoke all on all functions in schema slipway from public;
`;
