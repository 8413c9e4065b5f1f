import type { ReleasePlan, ReleaseSpec } from '../../domain/contract/release.ts';
import type { RunState } from '../../workflows/run-state.ts';

/** A run at the moment at which it went on in another: what it carried, and what the world around it must know to go on with it. */
export interface RecordedState {
  workflowType: string;
  workflowId: string;
  /** What the run was started with, and again with each continuation. */
  input: unknown;
  /** As the version that is named by the folder wrote it. */
  carried: RunState;
  service: string;
  spec: ReleaseSpec;
  /** Absent where none was made yet. */
  plan?: ReleasePlan;
}
