/** What a run begins to change, and the right that it begins it by. Called by what is in schema-runs.ts. */
export const begun = `
  -- What a step has gone by when it asked whether it may: the ticket by which its run has the lane, how much people have decided about the
  -- run and the release, how much of it was not refused, and the plan in force. Between asking and beginning time may pass. Not asked where nothing is said of it. SLP04 becomes SLIP-REL-14.
  create or replace function slipway.refuse_stale(of_run text, gone_by json) returns void
    language plpgsql stable set search_path = pg_catalog, pg_temp as $$
  begin
    if gone_by is not null and (
      (gone_by -> 'ticket')::jsonb is distinct from (select holder::jsonb -> 'ticket' from slipway.lanes
        where (service, environment) = (split_part(of_run, '/', 2), split_part(of_run, '/', 3)))
      or (gone_by ->> 'decisions')::integer <> (select count(*) from slipway.decisions
        where release_id in (of_run, gone_by ->> 'subject'))
      -- Older programs say nothing of it.
      or (gone_by ->> 'standing')::integer <> (select count(*) from slipway.decisions
        where release_id in (of_run, gone_by ->> 'subject') and refused is null)
      or gone_by ->> 'planHash' <> (select document ->> 'hash' from slipway.documents
        where (release_id, name) = (gone_by ->> 'subject', 'planned'))) then
      raise exception 'the lane of %, or what people have decided, has changed while it was to begin', of_run using errcode = 'SLP04';
    end if;
  end $$;

  -- False where another of Temporal's runs has changed something under this id.
  create or replace function slipway.touch(of_run text, temporal_run text, what_words text, first bigint, gone_by json) returns boolean
    language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    insert into slipway.touched as known (workflow_id, run_id, what, first_at)
      values (of_run, temporal_run, array[what_words], first)
      on conflict (workflow_id) do update
        set what = case when what_words = any(known.what) then known.what else known.what || excluded.what end
        where known.run_id = excluded.run_id;
    if not found then
      return false;
    end if;
    -- Last, when all that it waits for is held.
    perform slipway.refuse_stale(of_run, gone_by);
    -- What a region goes back to is held against the schema: whoever has begun to change regions changes no database any more.
    -- All of the words are asked: a component may be called "database", too.
    if what_words ~ '^database \\S+$' and exists (select from slipway.changes where workflow_id = of_run) then
      raise exception '% has begun to change regions', of_run using errcode = 'SLP03';
    end if;
    return true;
  end $$;

  revoke all on all functions in schema slipway from public;
`;
