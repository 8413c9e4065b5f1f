/**
 * Credentials that are good for one thing, each with what it was used for. Whoever is a gateway calls the function and has no right to the table:
 * what was used up stays so. Rows that are over are taken away by whoever comes next, a few at once.
 */
export const usedCredentials = `
  create table slipway.used_credentials (
    id text primary key constraint most_id check (octet_length(id) <= 4096),
    used_for text not null constraint most_used_for check (octet_length(used_for) <= 4096),
    until timestamptz not null
  );
  create index used_credentials_over on slipway.used_credentials (until);

  create function slipway.use_credential(used text, use text, till timestamptz) returns text language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  begin
    delete from slipway.used_credentials where id in (
      select id from slipway.used_credentials where until < clock_timestamp() - interval '1 hour'
      order by until limit 100 for update skip locked);
    insert into slipway.used_credentials (id, used_for, until) values (used, use, till) on conflict do nothing;
    return (select used_for from slipway.used_credentials where id = used);
  end $$;

  revoke all on all functions in schema slipway from public;
`;
