import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { closuresOf } from '../../activities/steps/lane-closings.ts';
import { leftBehindIn } from '../../activities/steps/left-behind.ts';
import { concludeLost } from '../../activities/steps/lost-runs.ts';
import { refuseOutsider } from '../../domain/approval.ts';
import type { LaneView } from '../../domain/contract/gateway.ts';
import type { LaneOrder, SignedLaneOrder } from '../../domain/contract/lane.ts';
import { laneId } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Identity, Millis } from '../../domain/contract/release.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { refuseLane } from '../../domain/known-lanes.ts';
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
    return carryOut(parts, { ...about, kind: 'freeze', reason, ...(until !== undefined && { until }) });
  });

  server.post(`${path}/clear-ticket`, async (request): Promise<LaneView> => {
    const { who, ...about } = await ordered(request);
    const { reason, ticket } = accepted(schemas.clearTicketOrder, request.body);
    await mayOrder(parts, who, about.lane);
    // Nothing that the lane itself decides: each write asks the records.
    await store(parts, { ...about, kind: 'clear-ticket', reason, ticket });
    return laneView(parts, about.lane, await engine.laneStatus(about.lane));
  });

  for (const kind of ['unfreeze', 'clear-hold'] as const) {
    server.post(`${path}/${kind}`, async (request): Promise<LaneView> => {
      const { who, ...about } = await ordered(request);
      const { reason, id } = accepted(schemas.liftOrder, request.body);
      await mayOrder(parts, who, about.lane);
      const status = await engine.laneStatus(about.lane);
      const lifts = inForce(kind, status, id);
      if (lifts === undefined) return laneView(parts, about.lane, status);
      if (kind === 'unfreeze') return carryOut(parts, { ...about, kind, reason, lifts });
      // The lane numbers its holds itself: on record they are known by the run that left them.
      const of = status?.closures.find((closure) => closure.id === lifts)?.by;
      return carryOut(parts, { ...about, kind, reason, lifts, ...(of !== undefined && { of }) });
    });
  }
}

const longestFreeze = 366 * 86_400_000;

function checkEnd(until: Millis, now: Millis): void {
  if (until > now && until - now <= longestFreeze) return;
  throw new Refused(400, 'bad-request', 'until must be a time ahead, within a year, in milliseconds since 1970');
}

/** The id of what is to be lifted; undefined when there is nothing like that. Several: whoever lifts one has to say which. */
function inForce(kind: 'unfreeze' | 'clear-hold', status: LaneStatus | undefined, id?: string): string | undefined {
  // A lane that was ended by hand begins anew with the order, and knows from the records whether there is something by that id.
  if (!status && id !== undefined) return id;
  if (!status) {
    throw new Refused(
      503,
      'unavailable',
      'no worker says what is in force in this lane',
      'Start a worker of the engine, then try again.',
    );
  }
  const wanted = kind === 'unfreeze' ? 'freeze' : 'hold';
  const found = status.closures.filter((closure) => closure.kind === wanted && (id ?? closure.id) === closure.id);
  if (found.length < 2) return found[0]?.id;
  const each = found.map((closure) => `${closure.id} (${closure.reason})`).join(', ');
  throw new Refused(409, 'conflict', `there are ${found.length}: ${each}`, 'Name the one that you mean with --id.');
}

/** On record before the lane hears of it: an order whose answer is lost may still be obeyed. */
async function carryOut(parts: GatewayParts, order: LaneOrder): Promise<LaneView> {
  const signed = await store(parts, order);
  return laneView(parts, order.lane, await parts.engine.orderLane(signed));
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

async function laneView(parts: GatewayParts, lane: LaneKey, status: LaneStatus | undefined): Promise<LaneView> {
  const { records } = parts;
  const [inventory, left] = await Promise.all([records.inventory.current(lane), leftBehindIn(records, lane)]);
  const known = { ...lane, inventory, ...(left.length > 0 && { leftBehind: left }) };
  if (!status) return { ...known, ...(await unseen(parts, lane)) };
  const holderEnded = status.holder && (await endOf(parts, status.holder.releaseId));
  return { ...known, status, ...(holderEnded && { holderEnded }) };
}

/** Without an answer it may never have been used, or have nobody who answers for it. */
async function unseen(parts: GatewayParts, lane: LaneKey): Promise<Pick<LaneView, 'unseen'>> {
  const { engine, records, now } = parts;
  const [known, closures, run] = await Promise.all([
    records.lanes.look(lane),
    closuresOf(parts, lane, now()),
    engine.look(laneId(lane)),
  ]);
  if (!known && closures.length === 0) return run ? { unseen: {} } : {};
  return { unseen: { recorded: { ...(known ?? { waiting: [] }), closures } } };
}

/** A run that is gone is recorded as it is: whoever waits for the lane need not wonder. */
async function endOf(parts: GatewayParts, releaseId: string): Promise<LaneView['holderEnded']> {
  const run = await parts.engine.look(releaseId);
  if (run === undefined || run.open) return undefined;
  const outcome = await concludeLost(parts, releaseId, parts.now());
  return { ...(outcome !== undefined && { outcome }) };
}
