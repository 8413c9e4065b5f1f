import { activityInfo } from '@temporalio/activity';
import type { Lanes } from '../lanes/port.ts';
import type { Records } from '../records/port.ts';
import { laneId } from '../../domain/contract/names.ts';
import { concludeLost } from './lost-runs.ts';
import { requireOwnRun } from './release-record.ts';
import type { LaneSteps } from './types.ts';

export function createLaneSteps({ records, lanes }: { records: Records; lanes: Lanes }): LaneSteps {
  return {
    // The run id makes a repetition get the same incarnation: a lost answer must not burn a number that tickets are compared by.
    async beginLane({ lane }) {
      requireOwnRun(laneId(lane));
      return records.lanes.begin(lane, activityInfo().workflowExecution?.runId ?? '');
    },

    async recordLane({ lane, hold, freeze, holder }) {
      requireOwnRun(laneId(lane));
      if (hold !== undefined) await records.lanes.setHold(lane, hold ?? undefined);
      if (freeze !== undefined) await records.lanes.setFreeze(lane, freeze ?? undefined);
      if (holder !== undefined) await records.lanes.setHolder(lane, holder ?? undefined);
    },

    async lookAtHolder({ releaseId }) {
      const { open } = await lanes.look(releaseId);
      if (!open) await concludeLost(records, releaseId, Date.now());
      return { open };
    },
  };
}
