import type { LaneKey } from '../../domain/contract/names.ts';
import type { Database } from './database.ts';
import { toVerifiedRelease } from './inventory.ts';
import type { InventoryRow } from './inventory.ts';
import { storedAt, toHold, toOrder } from './lane-closings.ts';
import type { ClosingRow } from './lane-closings.ts';
import { namesOf } from './lane-records.ts';
import { mostChanged } from './port.ts';
import type { LanesAtOnce } from './port.ts';
import { inBytes, mostAtOnce, mostBytes, requireAll } from './read-at-once.ts';

/** Of each commit so many verifications that came later are counted. */
const mostCounted = 1_000;
/** Of so many of its own the place is found where they are counted. */
const mostPlacesOfCommit = 20;

const ofLane = (table: string) => `${table}.service = lane.service and ${table}.environment = lane.environment`;

/** Each place is found by a step along the index, and no row between two of them is read: a lane may have been released to a thousand times. */
const places = `with recursive
  lane as (select distinct * from unnest($1::text[], $2::text[]) as lane (service, environment)),
  place as (
    select lane.service, lane.environment, next.region, next.component from lane cross join lateral (
      select region, component from slipway.inventory known where ${ofLane('known')} order by region, component limit 1) next
    union all
    select lane.service, lane.environment, next.region, next.component from place lane cross join lateral (
      select region, component from slipway.inventory known
      where ${ofLane('known')} and (known.region, known.component) > (lane.region, lane.component)
      order by region, component limit 1) next
  )`;

const newestThere = (condition = '') => `select * from slipway.inventory known
  where ${ofLane('known')} and known.region = lane.region and known.component = lane.component ${condition}
  order by verified_at desc, position desc limit 1`;

export function postgresLanesAtOnce(database: Database): LanesAtOnce {
  return {
    used: (most) =>
      database.query<LaneKey>(
        `with recursive lane as (
           (select service, environment from slipway.inventory order by service, environment limit 1)
           union all
           select next.* from lane cross join lateral (
             select service, environment from slipway.inventory known
             where (known.service, known.environment) > (lane.service, lane.environment)
             order by service, environment limit 1) next
         )
         select service, environment from lane limit $1`,
        [most],
      ),

    async places(lanes) {
      const rows = await database.query<PlaceRow>(
        `${places}
         select to_json(last) as last, last.revoked_because, to_json(standing) as current
         from (select * from place limit ${mostAtOnce.places + 1}) lane
         cross join lateral (${newestThere()}) last
         left join lateral (${newestThere(`and known.state <> 'revoked'`)}) standing on last.state = 'revoked'
         order by lane.service, lane.environment, lane.region, lane.component`,
        namesOf(lanes),
      );
      const of = { most: mostAtOnce.places, what: 'places of lanes', writer: 'an environment' };
      return requireAll(rows, of).map(({ last, revoked_because: because, current }) => {
        const verified = toVerifiedRelease(last);
        if (verified.state !== 'revoked') return { last: verified, current: verified };
        return {
          last: verified,
          ...(because !== null && { revokedBecause: because }),
          ...(current && { current: toVerifiedRelease(current) }),
        };
      });
    },

    async changedSince(lanes) {
      const rows = await database.query<{ workflow_id: string; what: string[]; begun_at: number }>(
        `select known.* from unnest($1::text[], $2::text[], $3::bigint[]) as lane (service, environment, since)
         cross join lateral (
           select workflow_id, what, floor(extract(epoch from began_at) * 1000)::bigint as begun_at from slipway.touched
           where split_part(workflow_id, '/', 2) = lane.service and split_part(workflow_id, '/', 3) = lane.environment
             and began_at >= to_timestamp(lane.since / 1000.0) and floor(extract(epoch from began_at) * 1000) > lane.since
           order by began_at desc, workflow_id desc limit ${mostChanged}) known`,
        [...namesOf(lanes), lanes.map(({ since }) => since)],
      );
      return rows.map(({ workflow_id: workflowId, what, begun_at: begunAt }) => ({ workflowId, what, begunAt }));
    },

    async closingsCounted(lanes) {
      const rows = await database.query<{ counted: string }>(
        `select concat_ws(' ', (select max(position) from slipway.lane_orders known where ${ofLane('known')}),
           (select count(*) from slipway.lane_holds known where ${ofLane('known')})) as counted
         from unnest($1::text[], $2::text[]) with ordinality as lane (service, environment, nth) order by nth`,
        namesOf(lanes),
      );
      return rows.map(({ counted }) => counted);
    },

    async closings(lanes) {
      const rows = await database.query<ClosingRow & { nth: number }>(
        inBytes(
          `select lane.nth::int as nth, known.* from unnest($1::text[], $2::text[]) with ordinality as lane (service, environment, nth)
           cross join lateral (
             (select 'order' as kind, id, position, ${storedAt}, signed::text as json from slipway.lane_orders known where ${ofLane('known')})
             union all
             (select 'hold', id, 0, ${storedAt}, hold::text from slipway.lane_holds known where ${ofLane('known')})) known`,
          'nth, position, stored_at, id',
          mostBytes.closingsOfMany,
        ),
        namesOf(lanes),
      );
      // Of the last one there may be more.
      const isCut = rows.some((row) => row.is_cut);
      const whole = isCut ? (rows.at(-1)?.nth ?? 1) - 1 : lanes.length;
      const byLane = Map.groupBy(rows, ({ nth }) => nth);
      return lanes.slice(0, whole).map((_lane, at) => {
        const { order = [], hold = [] } = Object.groupBy(byLane.get(at + 1) ?? [], ({ kind }) => kind);
        return { orders: order.flatMap(toOrder), holds: hold.map(toHold) };
      });
    },

    async verifiedSince(asked) {
      // In one place: a release has a row for each region and component. In that which was released to last: another one may be no more.
      const rows = await database.query<{ since: number | null }>(
        `select case when seen.verified_at is not null then (
           select count(distinct commit)::int from (
             select commit from slipway.inventory known where ${ofLane('known')} and known.region = seen.region
               and known.component = seen.component and state <> 'revoked' and verified_at > seen.verified_at and commit <> lane.commit
             order by verified_at desc limit ${mostCounted}) later) end as since
         from unnest($1::text[], $2::text[], $3::text[]) with ordinality as lane (service, environment, commit, nth)
         left join lateral (
           select place.* from (
             select region, component, max(verified_at) as verified_at from (
               select region, component, verified_at from slipway.inventory known
               where ${ofLane('known')} and known.commit = lane.commit and state <> 'revoked'
               order by verified_at desc limit ${mostPlacesOfCommit}) own
             group by region, component) place
           order by (select max(verified_at) from slipway.inventory known where ${ofLane('known')}
             and known.region = place.region and known.component = place.component and state <> 'revoked') desc,
             place.verified_at, place.region, place.component
           limit 1) seen on true
         order by nth`,
        [...namesOf(asked), asked.map(({ commit }) => commit)],
      );
      return rows.map(({ since }) => since ?? undefined);
    },

    async askedFor(releaseIds) {
      const rows = await database.query<{ release_id: string; number: number; by: string | null }>(
        `select release_id, position as number, case when slipway.is_request(release_id, request)
           then request #>> '{requestedBy,id}' end as by
         from slipway.attempts where release_id = any($1)`,
        [releaseIds],
      );
      return rows.flatMap(({ release_id: releaseId, number, by }) => (by === null ? [] : [{ releaseId, number, by }]));
    },
  };
}

interface PlaceRow {
  last: InventoryRow;
  revoked_because: string | null;
  /** Where the last one was revoked. */
  current: InventoryRow | null;
}
