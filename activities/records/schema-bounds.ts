/**
 * What keeps one process's login from standing in the way of another's. Anybody may take an advisory lock under any name: so they are taken
 * only where all processes have one login. Else a lock is a row that belongs to one kind of login, and so is each chain of the audit:
 * `shop/production@build` is what build workers have said of that lane. Temporary tables come last in the path: nobody puts a `pg_roles` of
 * his own before the catalogue.
 */
export const ownLocks = `
  create table slipway.locks (
    kind text not null,
    what text not null,
    primary key (kind, what)
  );

  -- Empty for whoever owns everything, and where there are no roles. A worker of one environment may have a login that says so.
  create function slipway.login_kind() returns text language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with mine as (
      select substr(rolname, length('slipway_') + 1) as kind from pg_roles
      where rolname ~ '^slipway_(gateway|engine|build|environment(_.+)?)$' and pg_has_role(session_user, oid, 'member')
        and not pg_has_role(session_user, (select relowner from pg_class where oid = 'slipway.locks'::regclass), 'member')
    )
    select coalesce(string_agg(kind, '+' order by kind collate "C"), '') from mine
    where kind <> 'environment' or not exists (select from mine where kind ~ '^environment_')
  $$;

  create function slipway.serves(wanted text) returns boolean language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(bool_or(rolname = 'slipway_environment_' || wanted), true) from pg_roles
    where rolname ~ '^slipway_environment_.' and pg_has_role(session_user, oid, 'member')
  $$;

  -- Until the transaction ends. Answers the kind of the login.
  create function slipway.lock(wanted text) returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    mine text := slipway.login_kind();
  begin
    if mine = '' then
      perform pg_advisory_xact_lock(hashtextextended(wanted, 0));
    else
      insert into slipway.locks (kind, what) values (mine, wanted) on conflict do nothing;
      perform from slipway.locks where (kind, what) = (mine, wanted) for update;
    end if;
    return mine;
  end $$;

  -- In the order in which they were added, whatever the chain.
  alter table slipway.audit add column position bigint generated always as identity;
  create or replace function slipway.guard_audit() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  declare
    last_n integer;
    last_hash text;
  begin
    -- Before anything is locked. Older programs write to the lane itself.
    if strpos(new.lane, '@') > 0 and new.lane <> split_part(new.lane, '@', 1) || '@' || slipway.login_kind() then
      raise exception '% is not the chain of %', new.lane, session_user using errcode = 'SLP01';
    end if;
    select n, hash into last_n, last_hash from slipway.audit_ends where lane = new.lane for update;
    if new.n <> coalesce(last_n, 0) + 1 or new.previous <> coalesce(last_hash, repeat('0', 64)) then
      raise exception 'rows of slipway.audit are only ever added, at the end of their lane' using errcode = 'SLP01';
    end if;
    new.writer := session_user;
    insert into slipway.audit_ends (lane, n, hash) values (new.lane, new.n, new.hash)
      on conflict (lane) do update set n = excluded.n, hash = excluded.hash;
    return new;
  end $$;

  -- Whoever may delete rows may lock the whole table: an environment's login takes back its own, and no more.
  create function slipway.take_back(of_service text, of_environment text, of_database text, of_release text) returns void
    language sql security definer set search_path = pg_catalog, pg_temp as $$
    delete from slipway.schema_changes
    where (service, environment, database, release_id) = (of_service, of_environment, of_database, of_release)
      and slipway.serves(environment)
  $$;

  revoke all on all functions in schema slipway from public;
`;

/**
 * Nothing is stored that would take its reader's memory or time. Without a look at what is there: only what is written from now on is held
 * to it. What the gateway signs of all chains together grows with them, and nobody else writes it.
 */
export const sizes = `
  do $$
  declare
    found record;
  begin
    for found in
      select table_name as at, column_name as name,
        case when data_type <> 'json' then 1048576 when table_name = 'audit' then 262144 else 4194304 end as most
      from information_schema.columns
      where table_schema = 'slipway' and data_type in ('json', 'text', 'ARRAY') and (table_name, column_name) <> ('chain_ends', 'signed')
    loop
      execute format(
        'alter table slipway.%I add constraint %I check (octet_length(%I::text) <= %s) not valid',
        found.at, 'most_' || found.name, found.name, found.most);
    end loop;
  end $$;
`;
