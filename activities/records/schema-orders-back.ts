/**
 * Orders to roll back that have a run of their own are listed beside releases, newest first, however many decisions there are. By the text that is
 * stored: what a login has written is not read as JSON here. One that is written otherwise is not listed, and counts as it did.
 */
export const ordersBack = `
  create function slipway.is_order_back(signed json) returns boolean language sql immutable set search_path = pg_catalog, pg_temp as $$
    select signed::text like '%"run":"rollback/%'
  $$;
  create index decisions_ordering_back on slipway.decisions (position) where slipway.is_order_back(signed);

  revoke all on all functions in schema slipway from public;
`;
