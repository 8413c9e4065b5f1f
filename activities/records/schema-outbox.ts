/**
 * What people are to be told, one row for each target. `next_at` is when it is due: whoever claims one moves it on, so that another has it where
 * it is not settled. The database's clock says so, whoever asks.
 */
export const outbox = `
  create table slipway.outbox (
    id bigint generated always as identity primary key,
    key text not null constraint most_key check (octet_length(key) <= 8192),
    target text not null constraint most_target check (octet_length(target) <= 1024),
    run text not null constraint most_run check (octet_length(run) <= 1024),
    thread text not null constraint most_thread check (octet_length(thread) <= 1024),
    event text not null constraint most_event check (octet_length(event) <= 1024),
    level text not null constraint most_level check (octet_length(level) <= 1024),
    title text not null constraint most_title check (octet_length(title) <= 8192),
    facts json not null constraint most_facts check (octet_length(facts::text) <= 65536),
    made_at timestamptz not null default clock_timestamp(),
    state text not null default 'waiting' constraint most_state check (state in ('waiting', 'delivered', 'dead', 'overtaken')),
    tries integer not null default 0,
    next_at timestamptz not null default clock_timestamp(),
    why text constraint most_why check (octet_length(why) <= 8192),
    unique (target, key)
  );
  create index outbox_in_order on slipway.outbox (target, thread, id) where state = 'waiting';
  create index outbox_due on slipway.outbox (next_at) where state = 'waiting';
  create index outbox_of_state on slipway.outbox (state, id);

  create function slipway.send_again(of_message bigint) returns boolean
    language sql security definer set search_path = pg_catalog, pg_temp as $$
    with moved as (
      update slipway.outbox set state = 'waiting', tries = 0, next_at = clock_timestamp()
      where id = of_message and state = 'dead' returning 1
    )
    select exists (select from moved)
  $$;

  revoke all on all functions in schema slipway from public;
`;

/** What comes after a message in its thread is asked for with each that is claimed, also where it was delivered long ago. */
export const outboxInThreads = `create index outbox_of_thread on slipway.outbox (target, thread, id)`;
