import type { LaneView } from '../../../domain/contract/gateway.ts';
import { useAsked } from '../parts/use-asked.ts';
import type { Asked } from '../parts/use-asked.ts';
import type { LaneWay } from '../words/lane-ways.ts';
import { whyNotOrder } from '../words/may-lane.ts';

/** What is to be ordered of a lane, as it was when it was asked. */
export type Ordering = Asked<LaneWay>;

export function useOrdering(view: LaneView, isLost: boolean): Ordering {
  return useAsked<LaneWay>(isLost, (me) => whyNotOrder(me, view));
}
