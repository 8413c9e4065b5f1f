/**
 * The end of a run leaves one hold, under one name (domain/lane-closures.ts has the same): whoever may write holds writes one for each run that
 * somebody has asked for, and takes no place that an honest one needs. Whoever looks at a lane reads all of them. The owner of the tables is not asked.
 * `SLP01` becomes SLIP-REC-2.
 */
export const holdsOfRuns = `
  create function slipway.hold_of(of_run text) returns text language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case
      when of_run ~ '^release/[^/]+/[^/]+/[^/-]+/[0-9]+$' or of_run ~ '^rollback/[^/]+/[^/]+/[^/]+$'
        then 'hold-' || split_part(of_run, '/', 1) || '-' || replace(substr(of_run, length(split_part(of_run, '/', 1)
          || split_part(of_run, '/', 2) || split_part(of_run, '/', 3)) + 4), '/', '-')
      else 'hold-' || of_run
    end
  $$;

  create function slipway.guard_hold() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    of_run text;
  begin
    if slipway.login_kind() = '' then
      return new;
    end if;
    of_run := coalesce(new.hold ->> 'by', '');
    perform slipway.refuse_unasked(of_run);
    if (new.service, new.environment, new.id) is distinct from
      (split_part(of_run, '/', 2), split_part(of_run, '/', 3), slipway.hold_of(of_run)) then
      raise exception '% leaves no hold % in %/%', of_run, new.id, new.service, new.environment using errcode = 'SLP01';
    end if;
    return new;
  end $$;
  create trigger of_run before insert on slipway.lane_holds for each row execute function slipway.guard_hold();

  revoke all on all functions in schema slipway from public;
`;
