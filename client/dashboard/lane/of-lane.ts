import type { LaneView } from '../../../domain/contract/gateway.ts';
import type { Inside, LaneNow } from '../words/lane-now.ts';
import type { Ordering } from './use-ordering.ts';

/** What a page of a lane is about, and how it is ordered. */
export interface OfLane {
  view: LaneView;
  lane: LaneNow;
  inside: Inside | undefined;
  ordering: Ordering;
}
