import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuseOutsider } from '../../domain/approval.ts';
import type { LaneView } from '../../domain/contract/gateway.ts';
import type { LaneClosure, LaneMemory, LaneOrder, SignedLaneOrder } from '../../domain/contract/lane.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Identity, Millis } from '../../domain/contract/release.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { refuseLane } from '../../domain/known-lanes.ts';
import { newestOf } from '../../domain/lane-closures.ts';
import { unheardOrders } from '../../domain/lane-standing.ts';
import { accepted, identified } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import { refuseMoreFreezes, refuseMoreOrders } from './lane-bounds.ts';
import { laneView, recordedLane } from './lane-view.ts';
import * as schemas from './schemas.ts';

const path = '/v1/lanes/:service/:environment';

export function laneRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { engine, now } = parts;

  server.get(path, async (request): Promise<LaneView> => {
    await identified(parts, request);
    const lane = accepted(schemas.laneParameters, request.params);
    const view = await laneView(parts, lane, await engine.laneStatus(lane));
    // What the policy has no more may still have a past.
    if (!view.status && !view.unseen && view.inventory.length === 0) await requireKnown(parts, lane);
    return view;
  });

  const ordered = async (request: FastifyRequest) => {
    const who = await identified(parts, request);
    const lane = accepted(schemas.laneParameters, request.params);
    return { id: randomUUID(), lane, by: who.id, at: now(), who };
  };

  server.post(`${path}/freeze`, async (request): Promise<LaneView> => {
    const { who, ...about } = await ordered(request);
    const { reason, until } = accepted(schemas.freezeOrder, request.body);
    await mayOrder(parts, who, about.lane);
    if (until !== undefined) checkEnd(until, about.at);
    const { closures, closings } = await recordedLane(parts, about.lane);
    refuseMoreFreezes(closures, about);
    refuseMoreOrders(closings.orders, who.id, about.at);
    return carryOut(parts, { ...about, kind: 'freeze', reason, ...(until !== undefined && { until }) });
  });

  server.post(`${path}/clear-ticket`, async (request): Promise<LaneView> => {
    const { who, ...about } = await ordered(request);
    const { reason, ticket } = accepted(schemas.clearTicketOrder, request.body);
    await mayOrder(parts, who, about.lane);
    refuseMoreOrders((await recordedLane(parts, about.lane)).closings.orders, who.id, about.at);
    // Nothing that the lane itself decides: each write asks the records.
    await store(parts, { ...about, kind: 'clear-ticket', reason, ticket });
    return laneView(parts, about.lane, await engine.laneStatus(about.lane));
  });

  for (const kind of ['unfreeze', 'clear-hold'] as const) {
    server.post(`${path}/${kind}`, async (request): Promise<LaneView> => {
      const { who, ...about } = await ordered(request);
      const { reason, id } = accepted(schemas.liftOrder, request.body);
      await mayOrder(parts, who, about.lane);
      const said = await engine.laneStatus(about.lane);
      const recorded = await recordedLane(parts, about.lane);
      const lifted = toLift(kind, { recorded, said }, id);
      const isOnRecord = recorded.closures.some((closure) => closure.id === lifted?.lifts);
      if (lifted && !isOnRecord) refuseMoreOrders(recorded.closings.orders, who.id, about.at);
      if (!lifted) return laneView(parts, about.lane, said && (await tellAgain(parts, about.lane, said)));
      return carryOut(parts, { ...about, kind, reason, ...lifted });
    });
  }
}

const longestFreeze = 366 * 86_400_000;

function checkEnd(until: Millis, now: Millis): void {
  if (until > now && until - now <= longestFreeze) return;
  throw new Refused(400, 'bad-request', 'until must be a time ahead, within a year, in milliseconds since 1970');
}

/**
 * What is to be lifted, as it is on record; undefined when there is nothing like that. Several: whoever lifts one has to say which. A hold goes
 * by the run that left it, too: a lane has a name of its own for it.
 */
function toLift(
  kind: 'unfreeze' | 'clear-hold',
  { recorded, said }: { recorded: Pick<LaneMemory, 'closures'>; said: LaneStatus | undefined },
  id?: string,
): { lifts: string; of?: string } | undefined {
  const wanted = kind === 'unfreeze' ? 'freeze' : 'hold';
  const isMeant = (closure: LaneClosure) => closure.kind === wanted && (id ?? closure.id) === closure.id;
  const found = recorded.closures.filter(isMeant);
  if (found.length > 1) {
    const each = newestOf(found)
      .map((closure) => `${closure.id} (${closure.reason})`)
      .join(', ');
    throw new Refused(409, 'conflict', `there are ${found.length}: ${each}`, 'Name the one that you mean with --id.');
  }
  const [closure] = found;
  if (closure) return { lifts: closure.id, ...(wanted === 'hold' && { of: closure.by }) };
  // Of what the lane alone says that it is closed by, nothing is taken but the id that a person has named.
  const isLanesOwn = id !== undefined && (!said || said.closures.some(isMeant));
  return isLanesOwn ? { lifts: id } : undefined;
}

/** On record before the lane hears of it: an order whose answer is lost may still be obeyed. */
async function carryOut(parts: GatewayParts, order: LaneOrder): Promise<LaneView> {
  const signed = await store(parts, order);
  const said = await parts.engine.orderLane(signed);
  return laneView(parts, order.lane, await tellAgain(parts, order.lane, said));
}

/** More than a lane misses while its engine is away; one that never hears is not told for ever. */
const mostAtOnce = 10;

/** Orders on record that the lane has not heard, by what it says: delivered again. Returns what it says then. */
async function tellAgain(parts: GatewayParts, lane: LaneKey, said: LaneStatus): Promise<LaneStatus> {
  const recorded = await recordedLane(parts, lane);
  const { orders, signed } = recorded.closings;
  let last = said;
  for (const { id } of unheardOrders(orders, recorded, said).slice(0, mostAtOnce)) {
    // What was asked for is done; of what the lane does not take now, whoever looks at it is told.
    const heard = await parts.engine.orderLane(signed.find(({ order }) => order.id === id)!).catch(() => undefined);
    if (!heard) return last;
    last = heard;
  }
  return last;
}

async function store({ records, signer }: GatewayParts, order: LaneOrder): Promise<SignedLaneOrder> {
  const { lane, id, at, kind, by, reason } = order;
  await records.audit.append({
    lane: `${lane.service}/${lane.environment}`,
    key: `order/${id}`,
    at,
    what: kind,
    who: by,
    facts: {
      reason,
      ...('lifts' in order && { lifts: order.lifts }),
      ...('until' in order && { until: order.until }),
      ...('ticket' in order && { ticket: order.ticket }),
    },
  });
  const signed = signer.signOrder(order);
  await records.closings.order(signed);
  return signed;
}

/** Who may order things for an environment whose approval is restricted. Throws 403, and 404 for a lane that the policy does not have. */
async function mayOrder(parts: GatewayParts, who: Identity, lane: LaneKey): Promise<void> {
  await requireKnown(parts, lane);
  const { approval } = await parts.pipeline.floorOf(lane.environment);
  const refused = approval.required ? refuseOutsider(approval, who) : undefined;
  if (refused !== undefined) throw new Refused(403, 'forbidden', refused);
}

/** A name that was typed wrong is told, with those that there are. */
async function requireKnown({ pipeline }: GatewayParts, lane: LaneKey): Promise<void> {
  const refused = refuseLane(lane, await pipeline.lanes());
  if (refused !== undefined)
    throw new Refused(404, 'not-found', refused, 'Check --service and --environment: nothing was changed.');
}
