import type { Records } from '../../activities/records/port.ts';
import { lawful } from '../../activities/steps/lane-closings.ts';
import type { ClosingDependencies } from '../../activities/steps/lane-closings.ts';
import type { LaneList, LaneRow } from '../../domain/contract/gateway.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { closuresInForce, newestOf } from '../../domain/lane-closures.ts';
import type { GatewayParts } from './calls.ts';

type Parts = Pick<GatewayParts, 'records' | 'now'> & { verifier: ClosingDependencies['verifier'] };

export interface LaneFilter {
  service?: string | undefined;
  environment?: string | undefined;
  after?: string | undefined;
  limit: number;
}

/** Of each: a list says whether it is closed, and the page of a lane by all that closes it. */
const mostClosures = 3;

/**
 * Lanes by name, with what is on record of each, in two questions for all of them: no lane is asked, and holder and closures are those that the
 * steps go by. `lanes`: those that whoever asks may look at.
 */
export async function listLanes(parts: Parts, lanes: readonly LaneKey[], filter: LaneFilter): Promise<LaneList> {
  const { page, isMore } = pageOf(lanes, filter);
  const { records } = parts;
  const [holders, closings] = await Promise.all([records.lanes.holders(page), closingsAmong(records, page)]);
  const holderOf = new Map(holders.map(({ holder, ...lane }) => [laneInPath(lane), holder]));
  const rows = page.map((lane): LaneRow => {
    const holder = holderOf.get(laneInPath(lane));
    const { member, ticket, since } = holder ?? {};
    return {
      ...lane,
      ...(member && ticket && since !== undefined && { holder: { releaseId: member.releaseId, ticket, since } }),
      ...closedBy(parts, lane, closings),
    };
  });
  const last = page.at(-1);
  return { lanes: rows, ...(isMore && last && { next: laneInPath(last) }) };
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

type Among = ReadonlyMap<string, Awaited<ReturnType<Records['closings']['among']>>[number]>;

/** Undefined where it is too much for a list: a lane alone may still be asked about. */
async function closingsAmong({ closings }: Pick<Records, 'closings'>, lanes: LaneKey[]): Promise<Among | undefined> {
  try {
    return new Map((await closings.among(lanes)).map((one) => [laneInPath(one), one]));
  } catch (error) {
    if (error instanceof Failure && error.details.code === 'SLIP-REC-8') return undefined;
    throw error;
  }
}

function closedBy(
  { verifier, now }: Pick<Parts, 'verifier' | 'now'>,
  lane: LaneKey,
  closings: Among | undefined,
): Pick<LaneRow, 'closures' | 'moreClosures' | 'untold'> {
  if (!closings) return { closures: [], untold: true };
  const known = closings.get(laneInPath(lane));
  const closures = known ? closuresInForce(lawful(known, { lane, verifier }), { lane, now: now() }) : [];
  const shown = newestOf(closures, mostClosures);
  return { closures: shown, ...(closures.length > shown.length && { moreClosures: closures.length - shown.length }) };
}
