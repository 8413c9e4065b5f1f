import type { LaneMember } from '../../domain/contract/lane.ts';

/** What a workflow cannot do by itself: start a lane that may not exist, and see whether another run is still there. */
export interface Lanes {
  /** Takes a place in the lane, starting the lane when there is none. Idempotent by release id. */
  join(lane: { service: string; environment: string }, member: LaneMember): Promise<void>;
  /** Whether the run is still open. */
  look(releaseId: string): Promise<{ open: boolean }>;
}
