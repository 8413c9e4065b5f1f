import type { LaneList, LaneRow } from '../../domain/contract/gateway.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { newestOf } from '../../domain/lane-closures.ts';
import type { GatewayParts } from './calls.ts';
import type { ClosuresOfMany, ClosuresSeen } from './closures-of-many.ts';

type Parts = Pick<GatewayParts, 'records'> & { closures: ClosuresOfMany };

export interface LaneFilter {
  service?: string | undefined;
  environment?: string | undefined;
  after?: string | undefined;
  limit: number;
}

/** Of each: a list says whether it is closed, and the page of a lane by all that closes it. */
const mostClosures = 3;
const mostMore = 3;

/**
 * Lanes by name, with what is on record of each, in two questions for all of them: no lane is asked, and holder and closures are those that the
 * steps go by. `lanes`: those that whoever asks may look at.
 */
export async function listLanes(parts: Parts, lanes: readonly LaneKey[], filter: LaneFilter): Promise<LaneList> {
  const { page, isMore } = pageOf(lanes, filter);
  const { records, closures } = parts;
  const [holders, seen] = await Promise.all([records.lanes.holders(page), readOf(page, closures)]);
  const holderOf = new Map(holders.map(({ holder, ...lane }) => [laneInPath(lane), holder]));
  const rows = page.map((lane): LaneRow => {
    const holder = holderOf.get(laneInPath(lane));
    const { member, ticket, since } = holder ?? {};
    return {
      ...lane,
      ...(member && ticket && since !== undefined && { holder: { releaseId: member.releaseId, ticket, since } }),
      ...closedBy(laneInPath(lane), seen),
    };
  });
  const last = page.at(-1);
  return { lanes: rows, ...(isMore && last && { next: laneInPath(last) }) };
}

/** A gateway that has just begun has read nothing yet, and reads some at a time: a list is asked for once by whoever is no page. */
async function readOf(page: readonly LaneKey[], closures: ClosuresOfMany): Promise<ClosuresSeen> {
  let seen = await closures(page);
  for (let more = 0; more < mostMore && seen.unread.length > 0; more += 1) seen = await closures(page);
  return seen;
}

function pageOf(lanes: readonly LaneKey[], { service, environment, after = '', limit }: LaneFilter) {
  const wanted = lanes
    .filter((lane) => service === undefined || lane.service === service)
    .filter((lane) => environment === undefined || lane.environment === environment)
    .map(({ service: ofService, environment: inEnvironment }) => ({ service: ofService, environment: inEnvironment }))
    .filter((lane) => laneInPath(lane) > after)
    .sort((one, other) => (laneInPath(one) < laneInPath(other) ? -1 : 1));
  return { page: wanted.slice(0, limit), isMore: wanted.length > limit };
}

/** `untold`: what is not read yet, or too much for a list. A lane alone may still be asked about. */
function closedBy(
  name: string,
  { closed, unread, tooMuch }: ClosuresSeen,
): Pick<LaneRow, 'closures' | 'moreClosures' | 'untold'> {
  if (unread.includes(name) || tooMuch.includes(name)) return { closures: [], untold: true };
  const closures = closed.get(name) ?? [];
  const shown = newestOf(closures, mostClosures);
  return { closures: shown, ...(closures.length > shown.length && { moreClosures: closures.length - shown.length }) };
}
