import { activityInfo } from '@temporalio/activity';
import type { Lanes } from '../lanes/port.ts';
import type { Records } from '../records/port.ts';
import { laneId } from '../../domain/contract/names.ts';
import { concludeLost } from './lost-runs.ts';
import { requireOwnRun } from './release-record.ts';
import type { Verifier } from '../shared/signatures.ts';
import type { LaneSteps } from './types.ts';

export interface LaneDependencies {
  records: Records;
  lanes: Lanes;
  verifier: Verifier;
}

export function createLaneSteps({ records, lanes, verifier }: LaneDependencies): LaneSteps {
  return {
    // The run id makes a repetition get the same incarnation: a lost answer must not burn a number that tickets are compared by.
    async beginLane({ lane }) {
      requireOwnRun(laneId(lane));
      return records.lanes.begin(lane, thisRun());
    },

    async recordLane({ lane, incarnation, sequence, ...memory }) {
      requireOwnRun(laneId(lane));
      const written = await records.lanes.remember(lane, memory, { incarnation, sequence, runId: thisRun() });
      return { written };
    },

    async lookAtHolder({ releaseId }) {
      const { open } = await lanes.look(releaseId);
      if (open) return { open };
      const outcome = await concludeLost({ records, verifier }, releaseId, Date.now());
      return { open, ...(outcome !== undefined && { outcome }) };
    },
  };
}

function thisRun(): string {
  return activityInfo().workflowExecution?.runId ?? '';
}
