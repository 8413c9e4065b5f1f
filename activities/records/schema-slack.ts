/**
 * What gateways know of Slack together. A request is let in once for as long as its signature could be let in at all: five minutes before and
 * behind the clock, and some more, as the clocks of gateways differ. A picture of a run in a channel is drawn by one gateway at a time, which
 * has it for a while: one that dies keeps it from nobody. What shows an end is kept for a month: whoever presses below it then is told that it
 * is not shown here.
 */
export const slack = `
  create table slipway.slack_requests (
    signature text primary key constraint most_signature check (octet_length(signature) <= 128),
    seen_at timestamptz not null default clock_timestamp()
  );
  create index slack_requests_oldest on slipway.slack_requests (seen_at);

  create function slipway.is_first_request(of_signature text) returns boolean language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
  begin
    delete from slipway.slack_requests where seen_at < clock_timestamp() - interval '15 minutes';
    insert into slipway.slack_requests (signature) values (of_signature) on conflict do nothing;
    return found;
  end $$;

  create table slipway.slack_pictures (
    run text not null constraint most_run check (octet_length(run) <= 1024),
    channel text not null constraint most_channel check (octet_length(channel) <= 255),
    picture json not null default '{}' constraint most_picture check (octet_length(picture::text) <= 4096),
    taken_by text constraint most_taken_by check (octet_length(taken_by) <= 255),
    taken_until timestamptz,
    kept_at timestamptz not null default clock_timestamp(),
    primary key (run, channel)
  );
  create index slack_pictures_unfinished on slipway.slack_pictures (run) where picture ->> 'ended' is null;
  create index slack_pictures_oldest on slipway.slack_pictures (kept_at) where picture ->> 'ended' is not null;

  create function slipway.drop_picture(of_run text, of_channel text) returns void language sql security definer
    set search_path = pg_catalog, pg_temp as $$
    delete from slipway.slack_pictures where run = of_run and channel = of_channel
      and (taken_until is null or taken_until < clock_timestamp())
  $$;

  create function slipway.forget_pictures() returns void language sql security definer
    set search_path = pg_catalog, pg_temp as $$
    delete from slipway.slack_pictures where picture ->> 'ended' is not null and kept_at < clock_timestamp() - interval '30 days'
  $$;

  revoke all on all functions in schema slipway from public;
`;
