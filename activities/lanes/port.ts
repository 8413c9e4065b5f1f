import type { LaneMember } from '../../domain/contract/lane.ts';

/** What a workflow cannot do by itself: start a lane that may not exist, see whether another run is still there, or be believed about itself. */
export interface Lanes {
  /** Takes a place in the lane, starting the lane when there is none. Idempotent by release id. */
  join(lane: { service: string; environment: string }, member: LaneMember): Promise<void>;
  /** Whether the run is still open. */
  look(releaseId: string): Promise<{ open: boolean }>;
  /** Which of Temporal's runs of this workflow id has continued as this one; undefined for one that was started, whatever it says. */
  before(run: { workflowId: string; runId: string }): Promise<string | undefined>;
}
