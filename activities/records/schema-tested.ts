/**
 * What a plan has smoke tests for is verified where they have passed: a row is let into the inventory only where the proof of its region names
 * them all (activities/steps/region-proofs.ts). That the proof is of this run, plan and change was asked before (schema-runs.ts); this looks at
 * rows that were really added. The owner of the table could write the proof, too. `SLP02` becomes SLIP-REL-12.
 */
export const testedBeforeVerified = `
  create function slipway.guard_tested() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  declare
    -- Of most plans nothing is read: they have no tests.
    planned json := (select plan from slipway.plans where plan_hash = new.plan_hash and plan::text like '%"smoke"%');
    seen json := (select document from slipway.documents
      where (release_id, name) = ('lane/' || new.service || '/' || new.environment, 'seen-' || new.region));
    untested text;
  begin
    if planned is null or pg_has_role(session_user, (select relowner from pg_class where oid = tg_relid), 'member') then
      return null;
    end if;
    untested := (select test ->> 'name'
      from json_array_elements(planned -> 'regions') place, json_array_elements(place -> 'smoke') test
      where place ->> 'name' = new.region
        and not coalesce((seen -> 'smoke')::jsonb ? (test ->> 'name'), false) limit 1);
    if untested is not null then
      raise exception 'the smoke test % has not passed for % in %', untested, new.release_id, new.region using errcode = 'SLP02';
    end if;
    return null;
  end $$;
  create trigger tested after insert on slipway.inventory for each row execute function slipway.guard_tested();

  revoke all on all functions in schema slipway from public;
`;
