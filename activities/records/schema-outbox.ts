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

/**
 * What people were told long ago is forgotten, of a run as a whole: one that has ended, of which nothing waits. That it was forgotten stays, as
 * nothing else would keep a step of its end that is repeated much later, after a reset, from telling it once more. What a message that may still go out
 * is held against, as something came after it in its thread, is not forgotten before it.
 */
export const forgottenMessages = `
  create index outbox_of_run on slipway.outbox (run);
  create index outbox_oldest on slipway.outbox (made_at, id);
  alter table slipway.runs add column forgotten boolean not null default false;

  create function slipway.refuse_forgotten() returns trigger language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  begin
    -- After it was added: whoever has waited for those of the run to be forgotten sees that they are.
    delete from slipway.outbox where id = new.id and exists (
      select from slipway.runs where workflow_id = new.run and forgotten);
    return null;
  end $$;
  create trigger forgotten after insert on slipway.outbox for each row execute function slipway.refuse_forgotten();

  -- Of so many messages that are older the runs are looked at; answers how many were forgotten. Nobody forgets what is younger than a day.
  create function slipway.forget_messages(kept interval, most integer) returns integer
    language sql security definer set search_path = pg_catalog, pg_temp as $$
    with looked as (
      select run from slipway.outbox mine
      where made_at < statement_timestamp() - greatest(kept, interval '1 day')
        -- Else nothing would ever be told of a run that does not exist yet.
        and slipway.is_asked_for(run)
        and (exists (select from slipway.attempts where release_id = run and outcome is not null)
          or exists (select from slipway.documents where release_id = run and name = 'result'))
        and not exists (select from slipway.outbox other where other.run = mine.run
          and (other.state = 'waiting' or other.made_at >= statement_timestamp() - greatest(kept, interval '1 day')))
        and not exists (select from slipway.outbox own join slipway.outbox before
          on (before.target, before.thread) = (own.target, own.thread) and before.id < own.id
          where own.run = mine.run and before.run <> own.run and before.state in ('waiting', 'dead'))
      order by made_at, id limit least(most, 1000)
    ), said as (
      insert into slipway.runs (workflow_id, forgotten) select distinct run, true from looked order by run
      on conflict (workflow_id) do update set forgotten = true returning workflow_id
    ), gone as (
      delete from slipway.outbox where run in (select workflow_id from said) and state <> 'waiting' returning 1
    )
    select count(*)::integer from gone
  $$;

  revoke all on all functions in schema slipway from public;
`;
