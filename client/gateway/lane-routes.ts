import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { LaneList, LaneView } from '../../domain/contract/gateway.ts';
import type { TypicalDurations } from '../../domain/contract/kept-evidence.ts';
import type { MyOrders } from '../../domain/contract/mine.ts';
import type { Right } from '../../domain/contract/rights.ts';
import { isInSight } from '../../domain/rights.ts';
import { accepted } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import type { ClosuresOfMany } from './closures-of-many.ts';
import { listLanes } from './lane-list.ts';
import { myOrders } from './mine.ts';
import { noLane } from './order-lane.ts';
import type { OrderingLanes } from './order-lane.ts';
import { asking } from './rights.ts';
import * as schemas from './schemas.ts';
import { typicalDurations } from './typical.ts';

const path = '/v1/lanes/:service/:environment';

export function laneRoutes(
  server: FastifyInstance,
  parts: GatewayParts,
  { lanes, closures }: { lanes: OrderingLanes; closures: ClosuresOfMany },
): void {
  const ordered = async (request: FastifyRequest, right: Right = 'operate') => {
    const asker = await asking(parts, request);
    const lane = accepted(schemas.laneParameters, request.params);
    asker.require(right, lane, (seen) => noLane(lane, seen));
    return { asker, who: asker.who, lane };
  };

  server.get('/v1/lanes', async (request): Promise<LaneList> => {
    const { sight, me } = await asking(parts, request);
    // Those of the policy that they may look at: of what it has no more, `everything` names nothing.
    const seen = me.grants.filter((lane) => isInSight(sight, lane));
    return listLanes({ ...parts, closures }, seen, accepted(schemas.lanesQuery, request.query));
  });

  server.get(path, async (request): Promise<LaneView> => {
    const { lane } = await ordered(request, 'look');
    return lanes.look(lane);
  });

  server.get(`${path}/mine`, async (request): Promise<MyOrders> => {
    const { asker, lane } = await ordered(request, 'look');
    return myOrders(parts, asker, lane);
  });

  const typical = typicalDurations(parts);
  server.get(`${path}/typical`, async (request): Promise<TypicalDurations> => {
    const { lane } = await ordered(request, 'look');
    return typical(lane, accepted(schemas.typicalQuery, request.query).without);
  });

  server.post(`${path}/freeze`, async (request): Promise<LaneView> => {
    const { who, lane } = await ordered(request);
    return lanes.freeze(lane, who, accepted(schemas.freezeOrder, request.body));
  });

  server.post(`${path}/clear-ticket`, async (request): Promise<LaneView> => {
    const { who, lane } = await ordered(request);
    return lanes.clearTicket(lane, who, accepted(schemas.clearTicketOrder, request.body));
  });

  server.post(`${path}/tell`, async (request): Promise<LaneView> => {
    const { who, lane } = await ordered(request);
    accepted(schemas.tell, request.body);
    return lanes.tell(lane, who);
  });

  for (const kind of ['unfreeze', 'clear-hold'] as const) {
    server.post(`${path}/${kind}`, async (request): Promise<LaneView> => {
      const { who, lane } = await ordered(request);
      return lanes.lift(kind, lane, who, accepted(schemas.liftOrder, request.body));
    });
  }
}
