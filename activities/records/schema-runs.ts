/**
 * A run's end and what it changes meet at one row: once it is said that it ends, nothing is begun by it, so that whoever looks then at what it
 * has changed sees all of it. `SLP03` becomes SLIP-REL-10.
 */
export const endedRuns = `
  create table slipway.runs (
    workflow_id text primary key constraint most_workflow_id check (octet_length(workflow_id) <= 1048576),
    ended boolean not null default false
  );
  create function slipway.guard_runs() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    new.ended := old.ended or new.ended;
    return new;
  end $$;
  create trigger guard before update on slipway.runs for each row execute function slipway.guard_runs();

  -- Locked until the transaction ends. Older programs write no row when a run ends, but its outcome.
  create function slipway.refuse_ended(id text) returns void language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  begin
    insert into slipway.runs (workflow_id) values (id) on conflict do nothing;
    perform from slipway.runs where workflow_id = id for update;
    if (select ended from slipway.runs where workflow_id = id)
      or exists (select from slipway.attempts where release_id = id and outcome is not null)
      or exists (select from slipway.documents where release_id = id and name = 'result') then
      raise exception '% has ended', id using errcode = 'SLP03';
    end if;
  end $$;

  create function slipway.guard_begun() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  begin
    perform slipway.refuse_ended(new.workflow_id);
    return new;
  end $$;
  create trigger ended before insert or update of what on slipway.touched
    for each row execute function slipway.guard_begun();

  revoke all on all functions in schema slipway from public;
`;

/** Of a run that has begun to change something, or has ended, nothing is planned anew. */
export const plansOfRuns = `
  create function slipway.guard_planned() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  begin
    perform slipway.refuse_ended(new.release_id);
    if exists (select from slipway.touched where workflow_id = new.release_id)
      -- Since when it is in force the database says itself, afterwards.
      and new.document::jsonb - 'since' is distinct from
        (select document::jsonb - 'since' from slipway.documents where release_id = new.release_id and name = new.name) then
      raise exception '% has changed something by the plan that it had', new.release_id using errcode = 'SLP03';
    end if;
    return new;
  end $$;
  create trigger planned before insert or update on slipway.documents
    for each row when (new.name = 'planned') execute function slipway.guard_planned();

  revoke all on all functions in schema slipway from public;
`;

/**
 * Changes of regions, while they are made and after: a row for each try of a step. A region is not seen well while one is under way, and no
 * row of the inventory is let in. What a later write has made harmless is under way no more: the place itself refuses it (the ticket, and
 * what it was used for, are written there), or it would put there what is there. One whose reply was lost may still land. It is under way for an
 * hour: a call to a cluster ends after seconds, and nobody is left to say what came of it.
 */
export const changesOfRegions = `
  create table slipway.changes (
    number bigint generated always as identity primary key,
    workflow_id text not null constraint most_workflow_id check (octet_length(workflow_id) <= 1048576),
    service text not null constraint most_service check (octet_length(service) <= 1048576),
    environment text not null constraint most_environment check (octet_length(environment) <= 1048576),
    region text not null constraint most_region check (octet_length(region) <= 1048576),
    component text not null constraint most_component check (octet_length(component) <= 1048576),
    purpose text not null constraint most_purpose check (octet_length(purpose) <= 1048576),
    artifact text not null constraint most_artifact check (octet_length(artifact) <= 1048576),
    begun_at timestamptz not null default clock_timestamp(),
    over_at timestamptz,
    -- Null while it is under way; false where the place has refused it, or something later has made it harmless.
    done boolean,
    check (purpose in ('deploy', 'roll-back')),
    check ((service, environment) = (split_part(workflow_id, '/', 2), split_part(workflow_id, '/', 3)))
  );
  create index changes_of_region on slipway.changes (service, environment, region, number desc);
  create index changes_of_run on slipway.changes (workflow_id, region, component, number desc);
  create index open_changes on slipway.changes (service, environment, region) where done is null;
  create trigger ended before insert on slipway.changes for each row execute function slipway.guard_begun();

  -- How a change has ended is said once.
  create function slipway.end_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if old.done is not null then
      return null;
    end if;
    new.over_at := clock_timestamp();
    return new;
  end $$;
  create trigger over before update on slipway.changes for each row execute function slipway.end_change();

  -- Components that are being changed.
  create function slipway.under_way(of_service text, of_environment text, of_region text) returns setof text
    language sql stable set search_path = pg_catalog, pg_temp as $$
    select distinct component from slipway.changes
    where (service, environment, region) = (of_service, of_environment, of_region) and done is null
      and begun_at > clock_timestamp() - interval '1 hour'
  $$;

  -- In one statement, so that others wait for it no longer than it takes. No row where another of Temporal's runs has changed something under
  -- this id. Numbers are given in the order in which others see them: a look that has seen one knows all before it.
  create function slipway.begin_change(of_run text, temporal_run text, what_words text, first bigint, of_service text, of_environment text,
    of_region text, of_component text, for_purpose text, of_artifact text, gone_by json)
    returns table (number bigint, before bigint) language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    -- First: whoever has locked the run waits for nothing here.
    perform slipway.lock('slipway/changes/' || of_service || '/' || of_environment || '/' || of_region);
    -- What is known already is not written again, so that others wait for nothing.
    if not exists (select from slipway.touched
        where (workflow_id, run_id) = (of_run, temporal_run) and what_words = any(what))
      and not slipway.touch(of_run, temporal_run, what_words, first, gone_by) then
      return;
    end if;
    before := (select max(last.number) from slipway.changes last
      where (last.service, last.environment, last.region) = (of_service, of_environment, of_region));
    insert into slipway.changes as begun
      (workflow_id, service, environment, region, component, purpose, artifact)
      values (of_run, of_service, of_environment, of_region, of_component, for_purpose, of_artifact)
      returning begun.number into number;
    perform slipway.refuse_stale(of_run, gone_by);
    -- What the run has itself on record as verified there is not so any more where it goes back.
    if for_purpose = 'roll-back' then
      update slipway.inventory set state = 'revoked', revoked_because = 'its own run has put back what was there'
        where (release_id, region) = (of_run, of_region) and state <> 'revoked';
    end if;
    return next;
  end $$;

  -- What a run has begun to put back, of itself or of the release that it was ordered to undo, is never gone back to. Whoever records its end
  -- may ask for that, and chooses nothing.
  create function slipway.take_back_undone(of_run text, of_release text, because text) returns void
    language sql security definer set search_path = pg_catalog, pg_temp as $$
    update slipway.inventory set state = 'revoked', revoked_because = because
    where release_id = of_release and state <> 'revoked'
      and region in (select region from slipway.changes where (workflow_id, purpose) = (of_run, 'roll-back'))
      and (service, environment) = (split_part(of_run, '/', 2), split_part(of_run, '/', 3))
      and (of_run = of_release or split_part(of_run, '/', 1) = 'rollback' and coalesce(
        (select release_id from slipway.breaches where id = split_part(of_run, '/', 4)),
        (select release_id from slipway.decisions where id = split_part(of_run, '/', 4)
          and (signed #>> '{decision,kind}', signed #>> '{decision,run}') = ('roll-back', of_run))) = of_release)
  $$;

  -- As whom it is done, and not who has asked for it: a function of the owner's chooses the rows itself.
  create or replace function slipway.guard_taken_back() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if not has_any_column_privilege(current_user, tg_relid, 'insert') and (new.state <> 'revoked'
      or exists (select from slipway.attempts where release_id = old.release_id and outcome is not null)) then
      raise exception 'what % verified is not taken back by %', old.release_id, session_user using errcode = 'SLP01';
    end if;
    return new;
  end $$;

  create or replace function slipway.guard_verified() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  declare
    lane text := 'lane/' || new.service || '/' || new.environment;
    seen json;
    artifact json;
  begin
    -- Said again, when the region has gone on: it meets the row that is there.
    if exists (select from slipway.inventory known
      where (known.service, known.environment, known.region, known.component, known.release_id)
        = (new.service, new.environment, new.region, new.component, new.release_id)) then
      return new;
    end if;
    -- A change of this run that begins now waits, and takes back this row, too.
    perform slipway.refuse_ended(new.release_id);
    if new.component in (select slipway.under_way(new.service, new.environment, new.region))
      or exists (select from slipway.changes
        where (workflow_id, region, component, purpose) = (new.release_id, new.region, new.component, 'roll-back')
          and done is distinct from false) then
      raise exception '% of % is being changed in %, or was put back', new.component, new.release_id, new.region
        using errcode = 'SLP02';
    end if;
    -- The owner of the table could write the proof, too.
    if pg_has_role(session_user, (select relowner from pg_class where oid = tg_relid), 'member') then
      return new;
    end if;
    seen := (select document from slipway.documents where release_id = lane and name = 'seen-' || new.region);
    artifact := seen -> 'artifacts' -> new.component;
    if (seen ->> 'releaseId', seen ->> 'planHash', seen ->> 'change', artifact ->> 'image', artifact ->> 'digest')
        is distinct from (new.release_id, new.plan_hash,
          (select max(number)::text from slipway.changes
            where (service, environment, region) = (new.service, new.environment, new.region)),
          new.image, new.artifact_digest) then
      raise exception 'no step has seen % of % in %', new.image, new.release_id, new.region using errcode = 'SLP02';
    end if;
    return new;
  end $$;

  revoke all on all functions in schema slipway from public;
`;
