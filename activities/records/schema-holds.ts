/**
 * The end of a run leaves one hold, so whoever may write holds writes one for each run that there is. Whoever looks at a lane reads all of them. The owner
 * of the tables is not asked.
 */
export const holdsOfRuns = `
  create function slipway.guard_hold() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    of_run text;
  begin
    if slipway.login_kind() = '' then
      return null;
    end if;
    of_run := coalesce(new.hold ->> 'by', '');
    perform slipway.refuse_unasked(of_run);
    if (split_part(of_run, '/', 2), split_part(of_run, '/', 3)) is distinct from (new.service, new.environment) then
      raise exception '% is no run of %/%', of_run, new.service, new.environment using errcode = 'SLP01';
    end if;
    perform slipway.count_written('holds of ' || of_run, 1, 1);
    return null;
  end $$;
  -- After: a repetition adds nothing, and is not counted.
  create trigger counted after insert on slipway.lane_holds for each row execute function slipway.guard_hold();

  revoke all on all functions in schema slipway from public;
`;
