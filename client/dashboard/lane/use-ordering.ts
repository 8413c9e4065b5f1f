import { useQuery } from '@tanstack/react-query';
import type { LaneView } from '../../../domain/contract/gateway.ts';
import type { OrderedOfLane } from '../../../domain/contract/lane.ts';
import { myOrdersQuestion } from '../gateway/questions.ts';
import { useAsked } from '../parts/use-asked.ts';
import type { Asked } from '../parts/use-asked.ts';
import type { LaneWay } from '../words/lane-ways.ts';

/** What is to be ordered of a lane, as it was when it was asked. */
export type Ordering = Asked<LaneWay, OrderedOfLane>;

export function useOrdering(view: LaneView, isLost: boolean): Ordering {
  const { data } = useQuery(myOrdersQuestion(view));
  return useAsked<LaneWay, OrderedOfLane>(isLost, data?.orders);
}
