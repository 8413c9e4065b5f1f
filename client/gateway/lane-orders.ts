import type { LaneView } from '../../domain/contract/gateway.ts';
import type { LaneOrder, SignedLaneOrder } from '../../domain/contract/lane.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { awayInWords } from '../../domain/engine-away.ts';
import type { EngineAway } from '../../domain/engine-away.ts';
import { unheardOrders } from '../../domain/lane-standing.ts';
import { NoAnswer, NotTaken } from '../no-answer.ts';
import { ofOrder } from '../../domain/weight.ts';
import type { GatewayParts } from './calls.ts';
import { answerOf } from './errors.ts';
import { laneView, recordedLane } from './lane-view.ts';
import { requireRead } from './what-readers-take.ts';

/** What the lane has said last; where something on record did not reach it, why. */
interface Told {
  said?: LaneStatus;
  unheard?: string;
  away?: EngineAway;
}

/** What is on record already: it is in force, whatever becomes of its delivery. */
export async function carryOut(parts: GatewayParts, signed: SignedLaneOrder): Promise<LaneView> {
  const { order } = signed;
  const { lane } = order;
  return inForce(parts, order, async () => {
    const first = await deliver(parts, signed);
    return viewOf(parts, lane, first.said ? await tellWhatIsUnheard(parts, lane, first.said) : first);
  });
}

/** Nothing that the lane itself decides: each write asks the records. */
export async function ticketCleared(parts: GatewayParts, { order }: SignedLaneOrder): Promise<LaneView> {
  const { lane } = order;
  return inForce(parts, order, async () => laneView(parts, lane, await saidBy(parts, lane)));
}

/** Whoever is told that an order failed believes that nothing has changed: of one that is in force, that much is told. */
async function inForce(parts: GatewayParts, { lane }: LaneOrder, view: () => Promise<LaneView>): Promise<LaneView> {
  try {
    return await view();
  } catch (error) {
    parts.log?.(error);
    return { ...lane, inventory: [], untold: answerOf(error).body.message };
  }
}

/**
 * Orders on record that the lane has not heard, by what it says, are delivered once more. One that somebody has ended begins anew, and reads
 * them: those who wait for it would come by within an hour. `said`: what it says before.
 */
export async function tellAgain(parts: GatewayParts, lane: LaneKey, said: LaneStatus | undefined): Promise<LaneView> {
  const view = await viewOf(parts, lane, said ? await tellWhatIsUnheard(parts, lane, said) : {});
  if (view.unseen?.away !== 'lane') return view;
  await parts.engine.beginLane(lane);
  // Until it has read them it says nothing that is so: it is not asked.
  return { ...view, unseen: { ...view.unseen, away: 'begun' } };
}

async function viewOf(parts: GatewayParts, lane: LaneKey, { said, unheard, away }: Told): Promise<LaneView> {
  return { ...(await laneView(parts, lane, said, away)), ...(unheard !== undefined && { unheard }) };
}

/** More than a lane misses while its engine is away; one that never hears is not told for ever. */
const mostAtOnce = 10;
/** For all of them: whoever has ordered waits for it. */
const mostMs = 8_000;

async function tellWhatIsUnheard(parts: GatewayParts, lane: LaneKey, said: LaneStatus): Promise<Told> {
  const recorded = await recordedLane(parts, lane);
  const signed = new Map(recorded.closings.signed.map((one) => [one.order.id, one]));
  // A freeze that is not proven here is in force, and nothing that a lane would take.
  const orders = recorded.closings.orders.filter(({ id }) => signed.has(id));
  const begun = performance.now();
  let last = said;
  for (const { id } of unheardOrders(orders, recorded, said).slice(0, mostAtOnce)) {
    if (performance.now() - begun > mostMs) return { said: last, unheard: 'it is slow to answer' };
    const told = await deliver(parts, signed.get(id)!);
    if (told.unheard !== undefined) return { said: last, unheard: told.unheard };
    last = told.said ?? last;
  }
  return { said: last };
}

/** Throws nothing: what is delivered is on record. */
async function deliver(parts: GatewayParts, signed: SignedLaneOrder): Promise<Told> {
  const { engine } = parts;
  try {
    return { said: await engine.orderLane(signed) };
  } catch (error) {
    if (error instanceof NoAnswer) {
      const away = await engine.away();
      return { unheard: awayInWords(away), away };
    }
    const said = await saidBy(parts, signed.order.lane);
    return { ...(said && { said }), unheard: whyUnheard(parts, error) };
  }
}

function whyUnheard({ log }: GatewayParts, error: unknown): string {
  if (error instanceof NotTaken) return `whoever answers for the lane does not take it: ${error.message}`;
  log?.(error);
  return 'whether it was delivered is not known; the log of the gateway says what went wrong';
}

/** What the lane says of itself, where Temporal lets it be asked: a lane is shown, and its orders are given and lifted, by what is on record. */
export async function saidBy({ engine, log }: GatewayParts, lane: LaneKey): Promise<LaneStatus | undefined> {
  try {
    return await engine.laneStatus(lane);
  } catch (error) {
    log?.(error);
    return undefined;
  }
}

/** On record before the lane hears of it. */
export async function store({ records, signer }: GatewayParts, order: LaneOrder): Promise<SignedLaneOrder> {
  const { lane, id, at, kind, by, reason } = order;
  const signed = requireRead(signer.signOrder(order), ofOrder);
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
  await records.closings.order(signed);
  return signed;
}
