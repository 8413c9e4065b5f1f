import type { FastifyRequest } from 'fastify';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { Me } from '../../domain/contract/gateway.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Identity } from '../../domain/contract/release.ts';
import type { Caller, LaneAccess, Right, Sight } from '../../domain/contract/rights.ts';
import { isInSight, refuseRight, rightsIn, sightOf } from '../../domain/rights.ts';
import type { Started } from '../../domain/rights.ts';
import { callerOf, identified } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/** Somebody who asks, and what the policy in force lets them do. */
export interface Asker {
  caller: Caller;
  who: Identity;
  me: Me;
  /** What lists show them. */
  sight: Sight;
  /**
   * Throws what `absent` makes where they may not look at that lane: the answer about what is not there, so that no name can be found out. Throws
   * 403 for a right that they have not.
   */
  require(right: Right, lane: LaneKey | undefined, absent: Absent, started?: Started): void;
  /**
   * Throws where they may do that in none of those lanes of the policy, as `require` does: before it is known which of them is meant. Of what it
   * does not have, nothing is said to whoever may look at everything.
   */
  requireAmong(right: Right, isMeant: (lane: LaneKey) => boolean, absent: Absent, started?: Started): void;
  /** What is theirs anybody may do that to, in whichever lane. */
  toTheirOwn(right: Right): void;
  /** The same lanes, with who may do what there. */
  known(lanes: readonly LaneKey[]): LaneAccess[];
}

/** Of the lanes that they may look at. */
type Absent = (seen: readonly LaneKey[]) => Refused;

const asked = new WeakMap<FastifyRequest, Set<Right>>();

export async function asking(parts: GatewayParts, request: FastifyRequest): Promise<Asker> {
  const caller = await identified(parts, request);
  const rights = new Set<Right>();
  asked.set(request, rights);
  return askerBy(caller, await parts.pipeline.lanes(), rights);
}

/** Somebody whom a door of its own has made sure of. */
export async function askingAs({ pipeline }: Pick<GatewayParts, 'pipeline'>, who: Identity): Promise<Asker> {
  return askerBy({ who }, await pipeline.lanes(), new Set());
}

function askerBy(caller: Caller, lanes: readonly LaneAccess[], rights: Set<Right>): Asker {
  return {
    caller,
    who: caller.who,
    get me() {
      return { ...caller.who, grants: rightsIn(caller, lanes) };
    },
    known: (named) => named.map((lane) => lanes.find((one) => isInSight([lane], one)) ?? lane),
    get sight() {
      rights.add('look');
      return sightOf(caller, lanes);
    },
    requireAmong(right, isMeant, absent, started) {
      const sight = sightOf(caller, lanes);
      const meant = lanes.filter((lane) => isMeant(lane) && isInSight(sight, lane));
      if (meant.length === 0 && sight !== 'everything') throw absent(sight);
      rights.add('look').add(right);
      const refused = meant.map((lane) => refuseRight(caller, right, lane, started));
      const [why] = refused;
      if (why !== undefined && !refused.includes(undefined)) throw new Refused(403, 'forbidden', why);
    },
    toTheirOwn: (right) => void rights.add(right),
    require(right, lane, absent, started) {
      const sight = sightOf(caller, lanes);
      if (sight !== 'everything' && !(lane && isInSight(sight, lane))) throw absent(sight);
      rights.add('look').add(right);
      if (!lane) return;
      const known = lanes.find((one) => isInSight([lane], one)) ?? lane;
      const refused = refuseRight(caller, right, known, started);
      if (refused !== undefined) throw new Refused(403, 'forbidden', refused);
    },
  };
}

/** Throws for an answer to whoever was not asked about: a route that forgets it answers nobody. */
export function requireAsked(request: FastifyRequest, right: Right): void {
  if (!asked.get(request)?.has(right))
    throw new Error(`${request.routeOptions.url} has not asked for the right ${right}`);
}

export function noRelease(releaseId: string): Refused {
  return new Refused(404, 'not-found', `there is no release ${releaseId}`);
}

/** Who asks, where they may do that about a run; throws 404 as of one that is not there. */
export async function askingOfRun(
  parts: GatewayParts,
  request: FastifyRequest,
  right: Right,
  runId: string,
): Promise<Identity> {
  return (await askerOfRun(parts, request, right, runId)).who;
}

/** The same, with what else they may do. */
export async function askerOfRun(
  parts: GatewayParts,
  request: FastifyRequest,
  right: Right,
  runId: string,
): Promise<Asker> {
  const asker = await asking(parts, request);
  asker.require(right, laneOfRun(runId), () => noRelease(runId));
  return asker;
}

/** Whether whoever is told of a run as it goes on is the same person as when they asked, and may still look at it. */
export async function mayStillLook(
  parts: GatewayParts,
  request: FastifyRequest,
  { who, runId }: { who: Identity; runId: string },
): Promise<boolean> {
  const caller = await callerOf(parts, request, { isUse: false });
  if (!caller || 'refused' in caller || caller.who.id !== who.id) return false;
  const sight = sightOf(caller, await parts.pipeline.lanes());
  const lane = laneOfRun(runId);
  return sight === 'everything' || (lane !== undefined && isInSight(sight, lane));
}
