import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { LaneView } from '../../domain/contract/gateway.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Identity } from '../../domain/contract/release.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { accepted, identified } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { mayOrder } from './release-routes.ts';
import * as schemas from './schemas.ts';

const path = '/v1/lanes/:service/:environment';

export function laneRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { engine, now } = parts;

  server.get(path, async (request): Promise<LaneView> => {
    await identified(parts, request);
    const lane = accepted(schemas.laneParameters, request.params);
    return laneView(parts, lane, await engine.laneStatus(lane));
  });

  const order = (name: string, carryOut: (lane: LaneKey, who: Identity, reason: string) => Promise<LaneStatus>) => {
    server.post(`${path}/${name}`, async (request: FastifyRequest): Promise<LaneView> => {
      const who = await identified(parts, request);
      const lane = accepted(schemas.laneParameters, request.params);
      const { reason } = accepted(schemas.laneOrder, request.body);
      await mayOrder(parts, who, lane.environment);
      const status = await carryOut(lane, who, reason);
      await parts.records.audit.append({
        lane: `${lane.service}/${lane.environment}`,
        key: `${name}/${request.id}/${now()}`,
        at: now(),
        what: name,
        who: who.id,
        facts: { reason },
      });
      return laneView(parts, lane, status);
    });
  };
  order('freeze', (lane, who, reason) => engine.freeze(lane, { reason, by: who.id, at: now() }));
  order('unfreeze', (lane, who) => engine.unfreeze(lane, who.id));
  order('clear-hold', (lane, who, reason) => engine.clearHold(lane, who.id, reason));
}

async function laneView({ records }: GatewayParts, lane: LaneKey, status: LaneStatus | undefined): Promise<LaneView> {
  return { ...lane, ...(status && { status }), inventory: await records.inventory.current(lane) };
}
