/**
 * What people have signed is kept as the text that was signed, and SQL reads it years later. So it is read once when it is stored: what cannot be
 * (half of a character in a reason is enough) is refused then, and not when a run wants to end by it. And it is kept under the names that it has
 * itself: a copy of a decision under another id, past what became of that one, or of a request or an order, is none. Only rows that are added
 * are looked at: those of before stay as they are.
 */
export const ownNames = `
  create function slipway.refuse_other_names() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    raise exception 'what is signed is kept in slipway.% under its own names alone', tg_table_name using errcode = 'SLP01';
  end $$;

  create trigger own_names before insert on slipway.decisions for each row
    when ((new.signed #>> '{decision,id}', new.signed #>> '{decision,releaseId}') is distinct from (new.id, new.release_id))
    execute function slipway.refuse_other_names();
  create trigger own_names before insert on slipway.lane_orders for each row
    when ((new.signed #>> '{order,id}', new.signed #>> '{order,lane,service}', new.signed #>> '{order,lane,environment}')
      is distinct from (new.id, new.service, new.environment))
    execute function slipway.refuse_other_names();
  create trigger own_names before insert on slipway.attempts for each row
    when (new.signed_request is not null
      and (new.signed_request #>> '{taken,releaseId}', new.signed_request #>> '{taken,requestKey}')
        is distinct from (new.release_id, new.request_key))
    execute function slipway.refuse_other_names();

  revoke all on all functions in schema slipway from public;
`;
