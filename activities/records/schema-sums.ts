/** `list` orders by it alone, for all lanes together. */
export const attemptsInOrder = `
  create index attempts_in_order on slipway.attempts (position desc);
`;

/**
 * Rows have a size (schema-bounds.ts); so has what they come to together, where somebody reads all of it at once: what one kind of login has
 * added to it is counted, in a row that nobody else waits for. The owner of the tables is not asked, nor is what was there before. `SLP05`
 * becomes SLIP-REC-8. Of decisions and orders, where too many shall stop whoever goes by them and not who says no
 * (client/gateway/decision-bounds.ts), it is the reader who counts (read-at-once.ts).
 */
export const sums = `
  create table slipway.written (
    kind text not null constraint most_kind check (octet_length(kind) <= 1024),
    what text not null constraint most_what check (octet_length(what) <= 1024),
    amount bigint not null,
    primary key (kind, what)
  );
  create function slipway.count_written(counted text, more bigint, most bigint) returns void language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  declare
    mine text := slipway.login_kind();
    total bigint;
  begin
    if mine = '' then
      return;
    end if;
    insert into slipway.written as known (kind, what, amount) values (mine, counted, more)
      on conflict (kind, what) do update set amount = known.amount + excluded.amount
      returning amount into total;
    if total > most then
      raise exception '% has written more than % of: %', session_user, most, counted using errcode = 'SLP05';
    end if;
  end $$;

  -- The gateway reads and signs where all chains end. After: a chain that goes on is no new one.
  create function slipway.count_chain() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    perform slipway.count_written('chains of the audit', 1, 10000);
    return null;
  end $$;
  create trigger counted after insert on slipway.audit_ends for each row execute function slipway.count_chain();

  -- After: a repetition adds nothing, and is not counted. Each row takes some memory, whatever is in it.
  create function slipway.count_schema_change() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    perform slipway.count_written('bytes of schema changes of ' || new.service || '/' || new.environment,
      500 + octet_length(new::text), 33554432);
    return null;
  end $$;
  create trigger counted after insert on slipway.schema_changes for each row execute function slipway.count_schema_change();

  revoke all on all functions in schema slipway from public;
`;

/**
 * Columns as small as what the code writes there, with room: that of which many are read at once. As before, rows that are there are not looked at
 * until they are written again.
 */
export const smallColumns = `
  do $$
  declare
    of_hash text := '(%I ~ ''^[0-9a-f]{64}$'')';
    of_size text := '(octet_length(%I::text) <= %s)';
    found record;
  begin
    for found in select * from (values
      ('audit', 'lane', 512), ('audit', 'key', 2048), ('audit', 'previous', null), ('audit', 'hash', null),
      ('audit_ends', 'lane', 512), ('audit_ends', 'hash', null),
      ('schema_changes', 'service', 255), ('schema_changes', 'environment', 255), ('schema_changes', 'database', 255),
      ('schema_changes', 'release_id', 1024), ('schema_changes', 'pending', 262144), ('schema_changes', 'contracting', 262144),
      ('decisions', 'id', 1024), ('decisions', 'release_id', 1024), ('decisions', 'signed', 65536), ('decisions', 'refused', 8192),
      ('lane_orders', 'id', 1024), ('lane_orders', 'service', 255), ('lane_orders', 'environment', 255), ('lane_orders', 'signed', 6144),
      ('lane_holds', 'service', 255), ('lane_holds', 'environment', 255), ('lane_holds', 'id', 1024), ('lane_holds', 'hold', 6144)
    ) as bounds (at, name, most)
    loop
      execute format('alter table slipway.%I drop constraint if exists %I', found.at, 'most_' || found.name);
      execute format('alter table slipway.%I add constraint %I check ' ||
        case when found.most is null then of_hash else of_size end || ' not valid',
        found.at, 'most_' || found.name, found.name, found.most);
    end loop;
  end $$;
`;
