/** Tokens that the gateway has made: by their hash, and what it has signed of each. One that is revoked stays so, for everybody but the owner. */
export const serviceTokens = `
  create table slipway.service_tokens (
    hash text primary key constraint most_hash check (hash ~ '^[0-9a-f]{64}$'),
    name text not null constraint most_name check (octet_length(name) <= 255),
    signed json not null constraint most_signed check (octet_length(signed::text) <= 16384),
    revoked_by text constraint most_revoked_by check (octet_length(revoked_by) <= 1024),
    position bigint generated always as identity
  );
  create unique index service_tokens_by_name on slipway.service_tokens (name) where revoked_by is null;

  create function slipway.guard_service_token() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    new.revoked_by := coalesce(old.revoked_by, new.revoked_by);
    return new;
  end $$;
  create trigger guard before update on slipway.service_tokens for each row execute function slipway.guard_service_token();

  revoke all on all functions in schema slipway from public;
`;
