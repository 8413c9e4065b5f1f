import { decisionKinds } from '../../domain/contract/decisions.ts';
import type { DecisionKind } from '../../domain/contract/decisions.ts';
import { orderedOfLane } from '../../domain/contract/lane.ts';
import type { MyDecisions, MyOrders } from '../../domain/contract/mine.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { GatewayParts } from './calls.ts';
import { judgeOf, planInForce } from './decisions.ts';
import type { Refuse } from './decisions.ts';
import { Refused } from './errors.ts';
import { judgeOrders, noLane } from './order-lane.ts';
import { noRelease } from './rights.ts';
import type { Asker } from './rights.ts';

/** Before they click: each kind is judged as if they had decided it. */
export async function myDecisions(parts: GatewayParts, asker: Asker, releaseId: string): Promise<MyDecisions> {
  const planHash = await planInForce(parts, releaseId);
  const judge = () => judgeOf(parts, releaseId, planHash);
  const refused = await whyNotDecidedBy(asker, { releaseId, planHash, kinds: decisionKinds, judge });
  return { decisions: decisionKinds.map((kind, at) => mine(kind, refused[at])) };
}

/** What is to be judged: of a run, whoever asks. */
export interface Decidable {
  releaseId: string;
  /** The plan in force. */
  planHash: string | undefined;
  kinds: readonly DecisionKind[];
  /** Reads by what; asked for by those alone who may decide anything there. */
  judge: () => Promise<Refuse>;
}

/** Why each may not be decided by whoever asks; undefined where they may. */
export async function whyNotDecidedBy(
  asker: Asker,
  { releaseId, planHash = '', kinds, judge }: Decidable,
): Promise<(string | undefined)[]> {
  const why = refusedBy(() => asker.require('decide', laneOfRun(releaseId), () => noRelease(releaseId)));
  if (why !== undefined) return kinds.map(() => why);
  const refuse = await judge();
  return kinds.map((kind) => refuse({ releaseId, planHash, by: asker.who, kind }));
}

export async function myOrders(parts: GatewayParts, asker: Asker, lane: LaneKey): Promise<MyOrders> {
  const why = whyNotOperated(asker, lane);
  if (why !== undefined) return { orders: orderedOfLane.map((kind) => mine(kind, why)) };
  const refuse = await judgeOrders(parts, [lane]);
  return { orders: orderedOfLane.map((kind) => mine(kind, refuse(lane, kind, asker.who))) };
}

/** Those of these lanes whose holds whoever asks may clear. What the policy has no more nobody orders about. */
export async function clearedBy(parts: GatewayParts, asker: Asker, lanes: readonly LaneKey[]): Promise<LaneKey[]> {
  if (lanes.length === 0) return [];
  const refuse = await judgeOrders(parts, lanes);
  const why = (lane: LaneKey) => whyNotOperated(asker, lane) ?? refusedBy(() => refuse(lane, 'clear-hold', asker.who));
  return lanes.filter((lane) => why(lane) === undefined);
}

const whyNotOperated = (asker: Asker, lane: LaneKey) =>
  refusedBy(() => asker.require('operate', lane, (seen) => noLane(lane, seen)));

function mine<Kind>(kind: Kind, refused: string | undefined) {
  return { kind, ...(refused !== undefined && { refused }) };
}

/** In words, why that is refused, whether it says or throws it; undefined where it is not. */
function refusedBy(judge: () => string | undefined | void): string | undefined {
  try {
    return judge() ?? undefined;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}
