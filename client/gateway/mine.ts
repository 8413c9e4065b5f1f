import { decisionKinds } from '../../domain/contract/decisions.ts';
import type { DecisionKind } from '../../domain/contract/decisions.ts';
import { orderedOfLane } from '../../domain/contract/lane.ts';
import type { OrderedOfLane } from '../../domain/contract/lane.ts';
import type { MyDecisions, MyOrders } from '../../domain/contract/mine.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Right } from '../../domain/contract/rights.ts';
import type { GatewayParts } from './calls.ts';
import { judgeOf, planInForce } from './decisions.ts';
import { Refused } from './errors.ts';
import { judgeOrders, noLane } from './order-lane.ts';
import { noRelease } from './rights.ts';
import type { Asker } from './rights.ts';

/** Before they click: each kind is judged as if they had decided it. */
export async function myDecisions(parts: GatewayParts, asker: Asker, releaseId: string): Promise<MyDecisions> {
  const inForce = await planInForce(parts, releaseId);
  const refused = await whyNotDecidedBy(parts, asker, { releaseId, kinds: decisionKinds, inForce });
  return { decisions: decisionKinds.map((kind, at) => mine(kind, refused[at])) };
}

/** Why each may not be decided by whoever asks; undefined where they may. */
export async function whyNotDecidedBy(
  parts: GatewayParts,
  asker: Asker,
  { releaseId, kinds, inForce }: { releaseId: string; kinds: readonly DecisionKind[]; inForce: string | undefined },
): Promise<(string | undefined)[]> {
  const why = lacks(asker, 'decide', laneOfRun(releaseId), () => noRelease(releaseId));
  if (why !== undefined) return kinds.map(() => why);
  const decision = { releaseId, planHash: inForce ?? '', by: asker.who };
  const refuse = await judgeOf(parts, releaseId, inForce);
  return kinds.map((kind) => refuse({ ...decision, kind }));
}

export async function myOrders(parts: GatewayParts, asker: Asker, lane: LaneKey): Promise<MyOrders> {
  const why = lacks(asker, 'operate', lane, (seen) => noLane(lane, seen));
  if (why !== undefined) return { orders: orderedOfLane.map((kind) => mine(kind, why)) };
  const refuse = await judgeOrders(parts, lane);
  return { orders: orderedOfLane.map((kind) => mine(kind, refuse(kind, asker.who))) };
}

/** Why that may not be ordered by whoever asks; undefined where they may. A lane that the policy has no more nobody orders. */
export async function whyNotOrderedBy(
  parts: GatewayParts,
  asker: Asker,
  lane: LaneKey,
  kind: OrderedOfLane,
): Promise<string | undefined> {
  const why = lacks(asker, 'operate', lane, (seen) => noLane(lane, seen));
  if (why !== undefined) return why;
  try {
    const refuse = await judgeOrders(parts, lane);
    return refuse(kind, asker.who);
  } catch (error) {
    return wordsOf(error);
  }
}

function mine<Kind>(kind: Kind, refused: string | undefined) {
  return { kind, ...(refused !== undefined && { refused }) };
}

/** Why they have not that right; undefined where they have. */
function lacks(
  asker: Asker,
  right: Right,
  lane: LaneKey | undefined,
  absent: Parameters<Asker['require']>[2],
): string | undefined {
  try {
    asker.require(right, lane, absent);
    return undefined;
  } catch (error) {
    return wordsOf(error);
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  throw error;
}
