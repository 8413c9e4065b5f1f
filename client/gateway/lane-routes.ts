import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuseOutsider } from '../../domain/approval.ts';
import type { LaneView } from '../../domain/contract/gateway.ts';
import type { LaneOrder } from '../../domain/contract/lane.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Identity, Millis } from '../../domain/contract/release.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { accepted, identified } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import * as schemas from './schemas.ts';

const path = '/v1/lanes/:service/:environment';

export function laneRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { engine, now } = parts;

  server.get(path, async (request): Promise<LaneView> => {
    await identified(parts, request);
    const lane = accepted(schemas.laneParameters, request.params);
    return laneView(parts, lane, await engine.laneStatus(lane));
  });

  for (const kind of ['freeze', 'unfreeze', 'clear-hold'] as const) {
    server.post(`${path}/${kind}`, async (request: FastifyRequest): Promise<LaneView> => {
      const who = await identified(parts, request);
      const lane = accepted(schemas.laneParameters, request.params);
      const { reason } = accepted(schemas.laneOrder, request.body);
      await mayOrder(parts, who, lane);
      const about = { id: randomUUID(), lane, by: who.id, at: now(), reason };
      if (kind === 'freeze') return carryOut(parts, { ...about, kind });
      const status = await engine.laneStatus(lane);
      const lifts = inForce(kind, status);
      if (lifts === undefined) return laneView(parts, lane, status);
      return carryOut(parts, { ...about, kind, lifts });
    });
  }
}

/** When the freeze or hold that is in force was set; undefined when there is none to lift. */
function inForce(kind: 'unfreeze' | 'clear-hold', status: LaneStatus | undefined): Millis | undefined {
  if (!status) {
    throw new Refused(
      503,
      'unavailable',
      'no worker says what is in force in this lane',
      'Start a worker of the engine, then try again.',
    );
  }
  return (kind === 'unfreeze' ? status.freeze : status.hold)?.at;
}

/** On record before the lane hears of it: an order whose answer is lost may still be obeyed. */
async function carryOut({ records, signer, engine }: GatewayParts, order: LaneOrder): Promise<LaneView> {
  const { lane, id, at, kind, by, reason } = order;
  await records.audit.append({
    lane: `${lane.service}/${lane.environment}`,
    key: `order/${id}`,
    at,
    what: kind,
    who: by,
    facts: { reason },
  });
  return laneView({ records }, lane, await engine.orderLane(signer.signOrder(order)));
}

/** Who may order things for an environment whose approval is restricted. Throws 403, and 404 for a lane that the policy does not have. */
async function mayOrder({ pipeline }: GatewayParts, who: Identity, lane: LaneKey): Promise<void> {
  const { approval } = await pipeline.floorOf(lane.environment);
  if (!(await pipeline.reaches(lane))) {
    throw new Refused(
      404,
      'not-found',
      `the policy has no service ${lane.service} in ${lane.environment}`,
      'Check --service and --environment: nothing was changed.',
    );
  }
  const refused = approval.required ? refuseOutsider(approval, who) : undefined;
  if (refused !== undefined) throw new Refused(403, 'forbidden', refused);
}

async function laneView(
  { records }: Pick<GatewayParts, 'records'>,
  lane: LaneKey,
  status: LaneStatus | undefined,
): Promise<LaneView> {
  return { ...lane, ...(status && { status }), inventory: await records.inventory.current(lane) };
}
