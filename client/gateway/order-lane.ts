import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { LaneView } from '../../domain/contract/gateway.ts';
import type { LaneClosure, OrderedOfLane } from '../../domain/contract/lane.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Identity, Millis } from '../../domain/contract/release.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { decidersBy, refuseLaneOrder } from '../../domain/deciders.ts';
import { refuseLane } from '../../domain/known-lanes.ts';
import { lifts, newestOf, reasonInWords } from '../../domain/lane-closures.ts';
import { usualAnswerMs } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import { refuseMoreFreezes, refuseMoreOrders } from './lane-bounds.ts';
import { carryOut, saidBy, store, tellAgain, ticketCleared } from './lane-orders.ts';
import { laneView, recordedLane } from './lane-view.ts';
import type { RecordedLane } from './lane-view.ts';
import { oneAfterAnother, personByPerson } from './one-after-another.ts';
import type * as schemas from './schemas.ts';

type Said<Schema extends z.ZodType> = z.infer<Schema>;

/** The one way in which anybody looks at a lane and orders it about: every door goes it, so that no rule is there twice. */
export interface OrderingLanes {
  look(lane: LaneKey): Promise<LaneView>;
  freeze(lane: LaneKey, who: Identity, said: Said<typeof schemas.freezeOrder>): Promise<LaneView>;
  clearTicket(lane: LaneKey, who: Identity, said: Said<typeof schemas.clearTicketOrder>): Promise<LaneView>;
  /** Delivers what is on record once more. */
  tell(lane: LaneKey, who: Identity): Promise<LaneView>;
  lift(
    kind: 'unfreeze' | 'clear-hold',
    lane: LaneKey,
    who: Identity,
    said: Said<typeof schemas.liftOrder>,
  ): Promise<LaneView>;
}

/** For all doors together: of one lane one order is stored after another. */
export function orderingLanes(parts: GatewayParts): OrderingLanes {
  const inTurns = personByPerson(oneAfterAnother(parts.limits?.answerMs ?? usualAnswerMs));
  const alone = <Stored>(by: string, lane: LaneKey, work: (recorded: RecordedLane) => Promise<Stored>) =>
    inTurns(by, `${lane.service}/${lane.environment}`, async () => work(await recordedLane(parts, lane)));
  const orderOf = (lane: LaneKey, who: Identity) => ({ id: randomUUID(), lane, by: who.id, at: parts.now() });

  return {
    async look(lane) {
      const view = await laneView(parts, lane, await saidBy(parts, lane));
      // What the policy has no more may still have a past.
      if (!hasPast(view)) await requireKnown(parts, lane);
      return view;
    },

    async freeze(lane, who, { reason, until }) {
      const about = orderOf(lane, who);
      await mayOrder(parts, who, lane, 'freeze');
      if (until !== undefined) checkEnd(until, about.at);
      const signed = await alone(who.id, lane, async ({ closures, closings }) => {
        refuseMoreFreezes(closures, about);
        refuseMoreOrders(closings.orders, who.id, about.at);
        return store(parts, { ...about, kind: 'freeze', reason, ...(until !== undefined && { until }) });
      });
      return carryOut(parts, signed);
    },

    async clearTicket(lane, who, { reason, ticket }) {
      const about = orderOf(lane, who);
      await mayOrder(parts, who, lane, 'clear-ticket');
      const signed = await alone(who.id, lane, async ({ closings }) => {
        refuseMoreOrders(closings.orders, who.id, about.at);
        return store(parts, { ...about, kind: 'clear-ticket', reason, ticket });
      });
      return ticketCleared(parts, signed);
    },

    async tell(lane, who) {
      await mayOrder(parts, who, lane, 'tell');
      return tellAgain(parts, lane, await saidBy(parts, lane));
    },

    async lift(kind, lane, who, { reason, id }) {
      const about = orderOf(lane, who);
      await mayOrder(parts, who, lane, kind);
      const said = await saidBy(parts, lane);
      const signed = await alone(who.id, lane, async (recorded) => {
        const lifted = toLift(kind, { recorded, said }, id);
        if (!lifted) return undefined;
        const isOnRecord = recorded.closures.some((closure) => closure.id === lifted.lifts);
        if (!isOnRecord) refuseMoreOrders(recorded.closings.orders, who.id, about.at);
        return store(parts, { ...about, kind, reason, ...lifted });
      });
      return signed ? carryOut(parts, signed) : tellAgain(parts, lane, said);
    },
  };
}

const longestFreeze = 366 * 86_400_000;

function checkEnd(until: Millis, now: Millis): void {
  if (until > now && until - now <= longestFreeze) return;
  throw new Refused(400, 'bad-request', 'until must be a time ahead, within a year, in milliseconds since 1970');
}

/** Nobody can say of a lane that nothing is known of whether it was used, while Temporal is away: a name may be typed wrong. */
function hasPast({ status, unseen, inventory }: LaneView): boolean {
  if (status || inventory.length > 0) return true;
  return unseen !== undefined && (unseen.recorded !== undefined || unseen.away !== 'temporal');
}

interface Known {
  recorded: Pick<RecordedLane, 'closures' | 'closings'>;
  said: LaneStatus | undefined;
}

/**
 * What is to be lifted, as it is on record; undefined when there is nothing like that. Several: whoever lifts one has to say which. A hold goes
 * by the run that left it, too: a lane has a name of its own for it. Throws 404 for an id that nothing in this lane has ever had.
 */
function toLift(
  kind: 'unfreeze' | 'clear-hold',
  { recorded, said }: Known,
  id?: string,
): { lifts: string; of?: string } | undefined {
  const wanted = kind === 'unfreeze' ? 'freeze' : 'hold';
  const isMeant = (closure: LaneClosure) => closure.kind === wanted && (id ?? closure.id) === closure.id;
  const found = recorded.closures.filter(isMeant);
  if (found.length > 1)
    throw new Refused(
      409,
      'conflict',
      `there are ${found.length}: ${each(found)}`,
      'Name the one that you mean with --id.',
    );
  const [closure] = found;
  if (closure) return { lifts: closure.id, ...(wanted === 'hold' && { of: closure.by }) };
  if (id === undefined || wasThere(wanted, recorded, id)) return undefined;
  // Of what the lane alone says that it is closed by, nothing is taken but the id that a person has named. A hold that nobody can be asked
  // about may be the lane's own; a freeze is an order on record.
  if (said ? said.closures.some(isMeant) : wanted === 'hold') return { lifts: id };
  const inForce = recorded.closures.filter((one) => one.kind === wanted);
  const there = inForce.length === 0 ? `no ${wanted} is in force` : `in force: ${each(inForce)}`;
  throw new Refused(
    404,
    'not-found',
    `there was never a ${wanted} ${id} in this lane; ${there}`,
    'Nothing was stored. Check --id.',
  );
}

function each(closures: LaneClosure[]): string {
  return newestOf(closures)
    .map((closure) => `${closure.id} (${reasonInWords(closure)})`)
    .join(', ');
}

/** It is lifted or over: nothing is to be signed anew, and the lane may have to be told once more. */
function wasThere(wanted: 'freeze' | 'hold', { closings }: Known['recorded'], id: string): boolean {
  const { orders, holds } = closings;
  if (wanted === 'freeze' && orders.some((order) => order.kind === 'freeze' && order.id === id)) return true;
  if (wanted === 'hold' && holds.some((hold) => hold.id === id)) return true;
  return orders.some((order) => lifts(order, { kind: wanted, id, by: '' }));
}

/** Who may order things for an environment whose approval is restricted. Throws 403, and 404 for a lane that the policy does not have. */
export async function mayOrder(
  parts: Pick<GatewayParts, 'pipeline'>,
  who: Identity,
  lane: LaneKey,
  order: OrderedOfLane,
): Promise<void> {
  const refuse = await judgeOrders(parts, [lane]);
  const refused = refuse(lane, order, who);
  if (refused !== undefined) throw new Refused(403, 'forbidden', refused);
}

/**
 * By the policy as it is now, looked at once for all of these lanes: why somebody may not order something of one. What is answered throws 404 for one
 * that it does not have.
 */
export async function judgeOrders(
  { pipeline }: Pick<GatewayParts, 'pipeline'>,
  lanes: readonly LaneKey[],
): Promise<(lane: LaneKey, order: OrderedOfLane, who: Identity) => string | undefined> {
  const inPolicy = await pipeline.lanes();
  const known = lanes.filter((lane) => refuseLane(lane, inPolicy) === undefined);
  const environments = [...new Set(known.map(({ environment }) => environment))];
  const floors = new Map(
    await Promise.all(environments.map(async (name) => [name, await pipeline.floorOf(name)] as const)),
  );
  return (lane, order, who) => {
    const floor = known.includes(lane) ? floors.get(lane.environment) : undefined;
    if (!floor) throw noLane(lane, inPolicy);
    return refuseLaneOrder(decidersBy(floor, lane.service), order, who);
  };
}

/** A name that was typed wrong is told, with those that there are. */
async function requireKnown({ pipeline }: Pick<GatewayParts, 'pipeline'>, lane: LaneKey): Promise<void> {
  const lanes = await pipeline.lanes();
  if (refuseLane(lane, lanes) !== undefined) throw noLane(lane, lanes);
}

/** `there`: those that whoever asks may know of. */
export function noLane(lane: LaneKey, there: readonly LaneKey[]): Refused {
  const next = 'Check --service and --environment: nothing was changed.';
  return new Refused(404, 'not-found', refuseLane(lane, there) ?? 'there is no such lane', next);
}
