/**
 * What the database says itself, whoever writes: triggers, as in schema-guards.ts. No login can raise a row of the inventory to `proven`: it
 * comes in as verified, a repetition changes nothing, and whoever may write a state may only take back. That is for the watch after a
 * release to do, when there is one: by a step with a right of its own (decision 69).
 */
export const ownWords = `
  -- A no stands whatever the run says of it; an approval, or an order to go back, once something was changed: it was done by it, or is to be
  -- undone. The run is locked, so that what it begins now knows.
  create function slipway.guard_refused() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    kind text := old.signed #>> '{decision,kind}';
  begin
    insert into slipway.runs (workflow_id) values (old.release_id) on conflict do nothing;
    perform from slipway.runs where workflow_id = old.release_id for update;
    if old.refused is not null or kind in ('reject', 'abort')
      or kind in ('approve', 'roll-back') and old.signed #>> '{decision,run}' is null
        and exists (select from slipway.touched where workflow_id = old.release_id) then
      new.refused := old.refused;
    end if;
    return new;
  end $$;
  create trigger refused before update of refused on slipway.decisions for each row execute function slipway.guard_refused();

  -- When something was verified, and that it is no more than that. Whoever owns the table could write anything.
  create function slipway.stamp_verified() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if not pg_has_role(session_user, (select relowner from pg_class where oid = tg_relid), 'member') then
      new.verified_at := floor(extract(epoch from clock_timestamp()) * 1000);
      new.state := 'verified';
    end if;
    return new;
  end $$;
  create trigger stamped before insert on slipway.inventory for each row execute function slipway.stamp_verified();

  revoke all on all functions in schema slipway from public;
`;
