/**
 * Whoever looks at a lane goes through the runs that have changed it. So only a run that somebody has asked for changes anything: a release that
 * was started, or what carries out an order or answers a breach. Those are not an environment's to write, and it can invent no more of them. The owner
 * of the tables is not asked. `SLP01` becomes SLIP-REC-2, `SLP05` SLIP-REC-8.
 */
export const knownRuns = `
  create function slipway.is_asked_for(of_run text) returns boolean language sql stable security definer
    set search_path = pg_catalog, pg_temp as $$
    select exists (select from slipway.attempts where release_id = of_run)
      or split_part(of_run, '/', 1) = 'rollback' and (
        exists (select from slipway.breaches where id = split_part(of_run, '/', 4))
        or exists (select from slipway.decisions where id = split_part(of_run, '/', 4)
          and (signed #>> '{decision,kind}', signed #>> '{decision,run}') = ('roll-back', of_run)))
  $$;

  create function slipway.refuse_unasked(of_run text) returns void language plpgsql stable set search_path = pg_catalog, pg_temp as $$
  begin
    if slipway.login_kind() <> '' and not slipway.is_asked_for(of_run) then
      raise exception 'nobody has asked for %', of_run using errcode = 'SLP01';
    end if;
  end $$;

  create or replace function slipway.guard_begun() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  begin
    perform slipway.refuse_unasked(new.workflow_id);
    perform slipway.refuse_ended(new.workflow_id);
    return new;
  end $$;

  -- A row for each try of a step: of 200 components in 50 regions, five each.
  create function slipway.count_change() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    perform slipway.count_written('changes of ' || new.workflow_id, 1, 50000);
    return null;
  end $$;
  create trigger counted after insert on slipway.changes for each row execute function slipway.count_change();

  -- Each commit that has changed the schema is looked at in its repository.
  create function slipway.guard_schema_change() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    perform slipway.refuse_unasked(new.release_id);
    return new;
  end $$;
  create trigger asked before insert on slipway.schema_changes for each row execute function slipway.guard_schema_change();

  create index touched_of_lane on slipway.touched
    (split_part(workflow_id, '/', 2), split_part(workflow_id, '/', 3), began_at desc, workflow_id desc);

  revoke all on all functions in schema slipway from public;
`;

/**
 * What is kept of regions, and written in rows of which many are read at once, is as small as what the code writes there, with room. As before,
 * rows that are there are not looked at.
 */
export const smallDocuments = `
  alter table slipway.documents
    add constraint most_back check (name !~ '^(back|turn|going-back)-' or octet_length(document::text) <= 32768) not valid,
    add constraint most_image check (name !~ '^image-' or octet_length(document::text) <= 262144) not valid,
    add constraint most_seen check (name !~ '^seen-' or octet_length(document::text) <= 262144) not valid;
  do $$
  declare
    found record;
  begin
    for found in select * from (values
      ('attempts', 'outcome', 255), ('attempts', 'summary', 131072), ('attempts', 'request_key', 1024),
      ('attempts', 'request', 262144), ('attempts', 'signed_request', 262144), ('lanes', 'waiting', 1048576), ('lanes', 'holder', 65536),
      ('documents', 'release_id', 1024), ('documents', 'name', 1024), ('touched', 'workflow_id', 1024), ('touched', 'run_id', 255),
      ('changes', 'workflow_id', 1024), ('changes', 'service', 255), ('changes', 'environment', 255), ('changes', 'region', 255),
      ('changes', 'component', 255), ('changes', 'artifact', 1024),
      ('inventory', 'service', 255), ('inventory', 'environment', 255), ('inventory', 'region', 255), ('inventory', 'component', 255),
      ('inventory', 'release_id', 1024), ('inventory', 'image', 4096), ('inventory', 'commit', 255), ('inventory', 'plan_hash', 255),
      ('inventory', 'artifact_digest', 255), ('inventory', 'revoked_because', 65536)
    ) as bounds (at, name, most)
    loop
      execute format('alter table slipway.%I drop constraint if exists %I', found.at, 'most_' || found.name);
      execute format('alter table slipway.%I add constraint %I check (octet_length(%I::text) <= %s) not valid',
        found.at, 'most_' || found.name, found.name, found.most);
    end loop;
  end $$;
`;
