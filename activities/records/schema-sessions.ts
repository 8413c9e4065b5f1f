/**
 * Browsers that people have logged in with: what a gateway has signed of each, by the hash of what the browser has. How long one is good says the
 * clock here, which all gateways share. One that has ended is kept until it would be over, so that nobody begins it again.
 */
export const sessions = `
  create table slipway.sessions (
    hash text primary key constraint most_hash check (hash ~ '^[0-9a-f]{64}$'),
    signed json not null constraint most_signed check (octet_length(signed::text) <= 65536),
    begun_at timestamptz not null default clock_timestamp(),
    used_at timestamptz not null default clock_timestamp(),
    ended boolean not null default false
  );
  create index sessions_oldest on slipway.sessions (begun_at);

  create function slipway.begin_session(of_hash text, as_signed json) returns void language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  begin
    delete from slipway.sessions where hash in (
      select hash from slipway.sessions where begun_at < clock_timestamp() - interval '13 hours'
      order by begun_at limit 100 for update skip locked);
    insert into slipway.sessions (hash, signed) values (of_hash, as_signed) on conflict do nothing;
  end $$;

  -- A use is written down once in a minute at most: a page that asks a lot writes little.
  create function slipway.find_session(of_hash text, is_use boolean) returns json language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  declare
    now timestamptz := clock_timestamp();
    found slipway.sessions;
  begin
    select * into found from slipway.sessions where hash = of_hash and not ended
      and begun_at > now - interval '12 hours' and used_at > now - interval '1 hour';
    if is_use and found.used_at < now - interval '1 minute' then
      update slipway.sessions set used_at = now where hash = of_hash;
    end if;
    return found.signed;
  end $$;

  create function slipway.end_session(of_hash text) returns void language sql security definer
    set search_path = pg_catalog, pg_temp as $$
    update slipway.sessions set ended = true where hash = of_hash
  $$;

  revoke all on all functions in schema slipway from public;
`;
