/**
 * What the database itself refuses, whoever asks: triggers, so that they hold in an installation with one role as well as in one with a
 * role per process, and for older programs, which never do what is refused here. `SLP01` becomes SLIP-REC-2.
 */
export const guards = `
  -- Documents of a build say what was built and checked: once there is a plan, only the same again may be said, until slipway.yaml is
  -- read anew. Which of the two came last is told by numbers that nobody can choose. How a run ended is said once.
  alter table slipway.documents add column written bigint not null default 0;
  create sequence slipway.document_writes;
  create function slipway.guard_documents() returns trigger language plpgsql security definer
    set search_path = pg_catalog as $$
  declare
    planned bigint := (select written from slipway.documents where release_id = new.release_id and name = 'planned');
    read bigint := (select written from slipway.documents where release_id = new.release_id and name = 'read');
    known text := (select document::text from slipway.documents where release_id = new.release_id and name = new.name);
    closed boolean := case
      when new.name ~ '^(image|gate)-' then coalesce(planned, 0) > coalesce(read, 0)
      else new.name = 'result' and known is not null
    end;
  begin
    if closed and known is distinct from new.document::text then
      raise exception '% of % cannot be replaced any more', new.name, new.release_id using errcode = 'SLP01';
    end if;
    new.written := nextval('slipway.document_writes');
    return new;
  end $$;
  create trigger guard before insert or update on slipway.documents
    for each row execute function slipway.guard_documents();

  -- A run that has ended has ended so.
  create function slipway.guard_attempts() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if old.outcome is not null
      and (new.outcome, new.summary, new.ended_at) is distinct from (old.outcome, old.summary, old.ended_at) then
      raise exception '% has ended as %', old.release_id, old.outcome using errcode = 'SLP01';
    end if;
    return new;
  end $$;
  create trigger guard before update on slipway.attempts for each row execute function slipway.guard_attempts();

  -- Nothing comes back from revoked, or falls from proven to verified.
  create function slipway.guard_inventory() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if array_position('{verified,proven,revoked}', new.state) < array_position('{verified,proven,revoked}', old.state) then
      raise exception 'what % verified is %', old.release_id, old.state using errcode = 'SLP01';
    end if;
    return new;
  end $$;
  create trigger guard before update on slipway.inventory for each row execute function slipway.guard_inventory();

  -- The fence of a lane only rises.
  create function slipway.guard_lanes() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if (new.incarnation, new.sequence) < (old.incarnation, old.sequence) then
      raise exception 'lane %/% is at incarnation %', old.service, old.environment, old.incarnation using errcode = 'SLP01';
    end if;
    return new;
  end $$;
  create trigger guard before update on slipway.lanes for each row execute function slipway.guard_lanes();

  -- What a run has changed is never forgotten.
  create function slipway.guard_touched() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if not new.what @> old.what or new.first_at is distinct from old.first_at then
      raise exception '% had changed %', old.workflow_id, old.what using errcode = 'SLP01';
    end if;
    return new;
  end $$;
  create trigger guard before update on slipway.touched for each row execute function slipway.guard_touched();

  -- Rows of the audit are added at the end of their lane, each with the name of the database role that wrote it. The ends follow by
  -- themselves: no process needs the right to write them.
  alter table slipway.audit add column writer text;
  create function slipway.guard_audit() returns trigger language plpgsql security definer
    set search_path = pg_catalog as $$
  declare
    last_n integer;
    last_hash text;
  begin
    select n, hash into last_n, last_hash from slipway.audit_ends where lane = new.lane for update;
    if new.n <> coalesce(last_n, 0) + 1 or new.previous <> coalesce(last_hash, repeat('0', 64)) then
      raise exception 'rows of slipway.audit are only ever added, at the end of their lane' using errcode = 'SLP01';
    end if;
    new.writer := session_user;
    insert into slipway.audit_ends (lane, n, hash) values (new.lane, new.n, new.hash)
      on conflict (lane) do update set n = excluded.n, hash = excluded.hash;
    return new;
  end $$;
  create trigger guard before insert on slipway.audit for each row execute function slipway.guard_audit();

  -- What the gateway has signed about the ends of the audit, and how far it has been sent outside, by destination.
  create table slipway.installation (
    id uuid not null default gen_random_uuid(),
    one boolean primary key default true check (one)
  );
  insert into slipway.installation default values;
  create table slipway.chain_ends (
    n integer primary key,
    signed json not null
  );
  create table slipway.shipments (
    destination text primary key,
    n integer not null
  );

  revoke all on all functions in schema slipway from public;
`;

/** A key of the audit is its writer's own: a row that another login has put there before neither replaces nor suppresses anything. */
export const keysByWriter = `
  alter table slipway.audit
    drop constraint audit_lane_key_key,
    add unique (lane, key, writer);
`;

/**
 * The inventory is what rollbacks go back to: a row is let in where a step of the environment has seen it, and left its proof
 * (activities/steps/region-proofs.ts). Which change was the last is told by rows since (schema-runs.ts), where this guard is made anew. As with documents, the owner of the table is not asked: whoever is that could write the proof, too.
 * `SLP02` becomes SLIP-REL-12: a run whose proof was spoiled looks once more.
 */
export const seenBeforeVerified = `
  create function slipway.guard_verified() returns trigger language plpgsql security definer
    set search_path = pg_catalog as $$
  declare
    lane text := 'lane/' || new.service || '/' || new.environment;
    changed text;
    seen json;
    artifact json;
  begin
    if pg_has_role(session_user, (select relowner from pg_class where oid = tg_relid), 'member') then
      return new;
    end if;
    -- Said again, when the region has gone on: it meets the row that is there.
    if exists (select from slipway.inventory known
      where (known.service, known.environment, known.region, known.component, known.release_id)
        = (new.service, new.environment, new.region, new.component, new.release_id)) then
      return new;
    end if;
    -- Locked: a change that begins now takes back this row, too.
    select document ->> 'change' into changed from slipway.documents
      where release_id = lane and name = 'changed-' || new.region for share;
    seen := (select document from slipway.documents where release_id = lane and name = 'seen-' || new.region);
    artifact := seen -> 'artifacts' -> new.component;
    if (seen ->> 'releaseId', seen ->> 'planHash', seen ->> 'change', artifact ->> 'image', artifact ->> 'digest')
      is distinct from (new.release_id, new.plan_hash, changed, new.image, new.artifact_digest) then
      raise exception 'no step has seen % of % in %', new.image, new.release_id, new.region using errcode = 'SLP02';
    end if;
    return new;
  end $$;
  revoke all on function slipway.guard_verified() from public;
  create trigger seen before insert on slipway.inventory for each row execute function slipway.guard_verified();

  -- Whoever may add no rows takes back at most those of a run that goes on: a step that puts back what this run has put there.
  create function slipway.guard_taken_back() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    if not has_any_column_privilege(session_user, tg_relid, 'insert') and (new.state <> 'revoked'
      or exists (select from slipway.attempts where release_id = old.release_id and outcome is not null)) then
      raise exception 'what % verified is not taken back by %', old.release_id, session_user using errcode = 'SLP01';
    end if;
    return new;
  end $$;
  revoke all on function slipway.guard_taken_back() from public;
  create trigger taken_back before update on slipway.inventory
    for each row execute function slipway.guard_taken_back();
`;
