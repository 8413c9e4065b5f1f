/**
 * Statements about the ends of the audit are numbered one by one, also for whoever has a gateway's login without its key: none takes the last number
 * there is; the owner of the tables is asked as well. `SLP01` becomes SLIP-REC-2. The largest has a thousand ends (domain/audit-proof.ts), whose names are of 512 bytes each.
 */
export const statements = `
  create function slipway.guard_statement() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
  declare
    next integer := coalesce((select max(n) from slipway.chain_ends), 0) + 1;
  begin
    if (new.n::text, new.n) is distinct from (new.signed #>> '{statement,n}', next) then
      raise exception 'the next statement is %', next using errcode = 'SLP01';
    end if;
    return new;
  end $$;
  create trigger numbered before insert on slipway.chain_ends for each row execute function slipway.guard_statement();
  alter table slipway.chain_ends
    add constraint most_signed check (octet_length(signed::text) <= 4194304) not valid;

  revoke all on all functions in schema slipway from public;
`;
