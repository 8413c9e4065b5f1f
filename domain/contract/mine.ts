import type { DecisionKind } from './decisions.ts';
import type { OrderedOfLane } from './lane.ts';

/**
 * What whoever asks may decide about a run, by the rule that a decision of theirs would be judged by now; each kind once. Whether the run waits for
 * it is another question, that the run answers.
 */
export interface MyDecisions {
  decisions: Mine<DecisionKind>[];
}

/** What whoever asks may order of a lane. */
export interface MyOrders {
  orders: Mine<OrderedOfLane>[];
}

/** `refused`: why not by them; absent where they may. */
export interface Mine<Kind> {
  kind: Kind;
  refused?: string;
}
