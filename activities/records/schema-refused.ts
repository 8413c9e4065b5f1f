/**
 * What stands although its run says that it has not taken it, as `standsRefused` says (domain/refused-decisions.ts): the kinds are those of
 * `isNo` and `isOrderBack` (domain/approval.ts), and the only runs that go by approvals are releases (domain/run-kinds.ts). The contract of the
 * records walks all of them.
 */
export const refused = `
  -- The run is locked, so that what it begins now knows.
  create or replace function slipway.guard_refused() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  declare
    kind text := old.signed #>> '{decision,kind}';
  begin
    insert into slipway.runs (workflow_id) values (old.release_id) on conflict do nothing;
    perform from slipway.runs where workflow_id = old.release_id for update;
    if old.refused is not null or kind in ('reject', 'abort')
      or kind in ('approve', 'roll-back') and old.signed #>> '{decision,run}' is null
        and split_part(old.release_id, '/', 1) = 'release'
        and exists (select from slipway.touched where workflow_id = old.release_id)
        -- Nothing is left to be kept from going forward.
        and not (kind = 'roll-back' and (
          exists (select from slipway.attempts where release_id = old.release_id and outcome is not null)
          or exists (select from slipway.documents where release_id = old.release_id and name = 'result'))) then
      new.refused := old.refused;
    end if;
    return new;
  end $$;

  revoke all on all functions in schema slipway from public;
`;
